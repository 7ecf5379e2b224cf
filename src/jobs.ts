import type { TaskList } from 'graphile-worker'
import { recordCheck } from './activity/chain/check.ts'
import { removeOldMonths } from './activity/chain/retention.ts'
import { countOldActivity } from './activity/chart/count-old-activity.ts'
import { pruneImpersonations } from './auth/impersonation/queries.ts'
import { renewInvitation } from './auth/invitations/resend-invitation.ts'
import { pruneLinks } from './auth/links/queries.ts'
import { expireTemporaryPasswords } from './auth/passwords/expire-temporary-passwords.ts'
import { pruneCallerChecks } from './auth/passwords/caller-check/queries.ts'
import { purgeLoginAttempts } from './auth/passwords/login-attempts.ts'
import { processResetRequest } from './auth/reset/request-reset.ts'
import { closeImpersonations } from './auth/sessions/impersonation/close-impersonation.ts'
import { pruneSessions } from './auth/sessions/pruning/queries.ts'
import { pruneRuns } from './automations/runs/queries.ts'
import { runAutomation } from './automations/runs/run-automation.ts'
import { startAutomations } from './automations/runs/start-runs.ts'
import {
  restartStalledCampaigns,
  sendCampaign,
  type CampaignMailer,
} from './campaigns/sending/send-campaign.ts'
import { pruneSavedSelections } from './campaigns/starting/save-selection.ts'
import { pruneImports } from './people/imports/queries.ts'
import { runImport } from './people/imports/run-import.ts'
import type { Db } from './platform/db.ts'
import { deliverEmail } from './platform/email/deliver.ts'
import { pruneEmails } from './platform/email/queries.ts'
import { pruneFailedJobs } from './platform/jobs.ts'
import { purgeRateLimits } from './platform/rate-limit.ts'

const dayMs = 24 * 60 * 60 * 1_000

/** Several workers queue a cron job once. One that was missed runs later, within `backfillPeriod` milliseconds. */
const cronJob = (task: string, match: string, backfillPeriod = 0) => ({
  task,
  match,
  options: { jobKey: task, backfillPeriod },
})

/** When the jobs run that nobody asks for (minute, hour, day, month, weekday; UTC). */
export const schedule = [
  cronJob('prune_rate_limits', '17 * * * *'),
  cronJob('prune_imports', '27 * * * *'),
  cronJob('prune_sessions', '*/15 * * * *'),
  cronJob('prune_history', '50 3 * * *', dayMs),
  cronJob('expire_temporary_passwords', '* * * * *'),
  cronJob('close_impersonations', '* * * * *'),
  cronJob('restart_stalled_campaigns', '* * * * *'),
  cronJob('start_automations', '* * * * *'),
  cronJob('count_old_activity', '* * * * *'),
  cronJob('check_activity_log', '10 3 * * *', dayMs),
  cronJob('remove_old_activity', '40 3 * * *', dayMs),
]

/** The jobs by the names that they are queued under. */
export function tasks(db: Db, mailer: CampaignMailer): TaskList {
  return {
    async deliver_email(payload, { job }) {
      const { emailId } = payload as { emailId: string }
      await deliverEmail(mailer, emailId, job.attempts >= job.max_attempts)
    },
    answer_reset_request: (payload) =>
      processResetRequest(db, renewInvitation, payload as Parameters<typeof processResetRequest>[2]),
    expire_temporary_passwords: () => expireTemporaryPasswords(db),
    close_impersonations: () => closeImpersonations(db),
    send_campaign: (payload, { job }) => sendCampaign(mailer, payload, String(job.id)),
    restart_stalled_campaigns: () => restartStalledCampaigns(mailer),
    start_automations: () => startAutomations(db),
    async run_automation(payload, { job }) {
      const { runId } = payload as { runId: string }
      await runAutomation(db, runId, job.attempts >= job.max_attempts)
    },
    count_old_activity: () => countOldActivity(db),
    check_activity_log: () => recordCheck(db),
    remove_old_activity: () => removeOldMonths(db),
    async import_people(payload, { job }) {
      const { importId } = payload as { importId: string }
      await runImport(db, importId, job.attempts >= job.max_attempts)
    },
    prune_imports: () => pruneImports(db),
    prune_sessions: () => pruneSessions(db),
    async prune_history() {
      for (const prune of [
        pruneImpersonations,
        pruneLinks,
        pruneCallerChecks,
        pruneEmails,
        pruneSavedSelections,
        pruneRuns,
        pruneFailedJobs,
      ])
        await prune(db)
    },
    prune_rate_limits: async () => {
      await purgeRateLimits(db)
      await purgeLoginAttempts(db)
    },
  }
}
