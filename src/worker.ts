import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  Logger,
  makeWorkerUtils,
  parseCronItems,
  run,
  type TaskList,
  type WorkerEvents,
} from 'graphile-worker'
import { recordCheck } from './activity/chain/check.ts'
import { record } from './activity/record.ts'
import { removeOldMonths } from './activity/chain/retention.ts'
import { pruneRuns } from './automations/runs/prune.ts'
import { runAutomation } from './automations/runs/run-automation.ts'
import { startAutomations } from './automations/runs/schedule.ts'
import { pruneSavedSelections } from './campaigns/starting/save-selection.ts'
import {
  sendCampaign,
  restartStalledCampaigns,
  type CampaignMailer,
} from './campaigns/sending/send-campaign.ts'
import { selectCompany } from './company/queries.ts'
import type { Config } from './config.ts'
import { Db } from './platform/db.ts'
import { openQueuePool } from './platform/queue-pool.ts'
import { pruneFailedJobs } from './platform/jobs.ts'
import { CrashedWorkerRecovery } from './platform/recover-crashed-workers.ts'
import { log } from './platform/log.ts'
import { QueueWatch } from './platform/queue-state.ts'
import { purgeRateLimits } from './platform/rate-limit.ts'
import { keyFor } from './platform/crypto.ts'
import { pruneEmails } from './platform/email/prune.ts'
import { deliverEmail } from './platform/email/deliver.ts'
import { outboxTransport, smtp } from './platform/email/transport.ts'
import { closeImpersonations } from './auth/sessions/impersonation/close-impersonation.ts'
import { pruneImpersonations } from './auth/impersonation/prune.ts'
import { renewInvitation } from './auth/invitations/resend-invitation.ts'
import { purgeImports } from './people/imports/purge.ts'
import { runImport } from './people/imports/run-import.ts'
import { emailTemplates } from './email-templates.ts'
import { activateLink } from './auth/links/activate-link.ts'
import { pruneLinks } from './auth/links/prune.ts'
import { expireTemporaryPasswords } from './auth/passwords/expire-temporary-passwords.ts'
import { purgeLoginAttempts } from './auth/passwords/login-attempts.ts'
import { processResetRequest } from './auth/reset/request-reset.ts'

import { pruneSessions } from './auth/sessions/pruning/prune.ts'

export interface Worker {
  stop(): Promise<void>
}

const pauseBeforeRestart = 5_000

/**
 * Runs the jobs and their schedule, inside the server or alone; any number of workers may share one database. A
 * worker that stops because its queue could not be written is restarted.
 */
export async function startWorker(
  connectionString: string,
  config: Config,
  watch = new QueueWatch(),
): Promise<Worker> {
  const start = () => startOnce(connectionString, config, watch)
  const stopping = new AbortController()
  let running = await start()
  const supervision = (async () => {
    while (!stopping.signal.aborted) {
      const reason = await running.ended
      if (stopping.signal.aborted) return
      watch.ended(reason)
      await running.stop().catch((error: unknown) => log.warn({ err: error }, 'stopping the worker'))
      running = stopped
      running = await restart(start, stopping.signal)
    }
  })()
  return {
    async stop() {
      stopping.abort()
      const before = running
      await before.stop()
      await supervision
      if (running !== before) await running.stop()
    },
  }
}

/** Retries until it succeeds: the database may be away. */
async function restart(start: () => Promise<Running>, signal: AbortSignal): Promise<Running> {
  for (;;) {
    await sleep(pauseBeforeRestart, undefined, { signal, ref: false }).catch(() => {})
    if (signal.aborted) return stopped
    const started = await start().catch((error: unknown) => log.warn({ err: error }, 'starting the worker'))
    if (started) return started
  }
}

interface Running extends Worker {
  /** Resolves with the reason if it stops unexpectedly. */
  ended: Promise<unknown>
}
const stopped: Running = { stop: () => Promise.resolve(), ended: Promise.resolve() }

async function startOnce(connectionString: string, config: Config, watch: QueueWatch): Promise<Running> {
  const db = new Db(connectionString, { max: 6, statement_timeout: 60_000 })
  const queue = openQueuePool(connectionString)
  const mailer = createMailer(db, config)
  const events: WorkerEvents = new EventEmitter()
  const crashes = new CrashedWorkerRecovery(db, events)
  watch.follow(events)
  const runner = await run({
    pgPool: queue.pool,
    events,
    concurrency: 4,
    noHandleSignals: true,
    taskList: tasks(db, mailer),
    parsedCronItems: parseCronItems([
      cronJob('prune_rate_limits', '17 * * * *'),
      cronJob('prune_imports', '27 * * * *'),
      cronJob('prune_sessions', '*/15 * * * *'),
      cronJob('prune_history', '50 3 * * *', dayMs),
      cronJob('expire_temporary_passwords', '* * * * *'),
      cronJob('close_impersonations', '* * * * *'),
      cronJob('restart_stalled_campaigns', '* * * * *'),
      cronJob('start_automations', '* * * * *'),
      cronJob('check_activity_log', '10 3 * * *', dayMs),
      cronJob('remove_old_activity', '40 3 * * *', dayMs),
    ]),
    logger: new Logger(() => (level, message) => {
      if (level === 'error' || level === 'warning')
        log[level === 'error' ? 'error' : 'warn']({ message }, 'worker')
    }),
  })
  const utils = await makeWorkerUtils({ pgPool: queue.pool })
  const sweeping = setInterval(() => void sweep(), 5_000)
  const sweep = () =>
    crashes
      .sweep(utils)
      .catch((error: unknown) => log.warn({ err: error }, 'jobs of crashed workers could not be released'))
  await sweep()

  return {
    ended: runner.promise.catch((error: unknown) => error),
    async stop() {
      clearInterval(sweeping)
      await runner.stop().catch(() => {}) // it has already stopped
      await utils.release()
      await crashes.release()
      mailer.transport.close()
      await queue.close()
      await db.close()
    },
  }
}

const dayMs = 24 * 60 * 60 * 1_000

/** Several workers queue a cron job once. One that was missed runs later, within `backfillPeriod` milliseconds. */
const cronJob = (task: string, match: string, backfillPeriod = 0) => ({
  task,
  match,
  options: { jobKey: task, backfillPeriod },
})

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
    check_activity_log: () => recordCheck(db),
    remove_old_activity: () => removeOldMonths(db),
    async import_people(payload, { job }) {
      const { importId } = payload as { importId: string }
      await runImport(db, importId, job.attempts >= job.max_attempts)
    },
    prune_imports: () => purgeImports(db),
    prune_sessions: () => pruneSessions(db),
    async prune_history() {
      for (const prune of [
        pruneImpersonations,
        pruneLinks,
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

export function createMailer(db: Db, config: Config): CampaignMailer {
  const { smtpUrl, mailFrom, baseUrl, sessionSecrets } = config
  const key = keyFor('links', sessionSecrets)
  return {
    db,
    linkKey: key,
    templates: emailTemplates,
    transport: smtpUrl ? smtp(smtpUrl, mailFrom) : outboxTransport,
    activateLink: (linkId) => activateLink(db, key, linkId),
    context: async () => ({ company: await selectCompany(db, config), baseUrl }),
    onFailed(tx, { user_id, to_name, to_address, template }, answer) {
      const systemContext = { actor: null, ip: null, userAgent: null, requestId: null }
      const subject = user_id ? { id: user_id, name: to_name, email: to_address } : null
      record(tx, systemContext, { event: 'mail_failed', subject, details: { template, answer } })
    },
  }
}
