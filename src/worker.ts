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
import { runAutomation } from './automations/runs/run.ts'
import { startAutomations } from './automations/runs/schedule.ts'
import { pruneChoices } from './campaigns/starting/keep-choice.ts'
import { sendCampaign, tendCampaigns, type CampaignOffice } from './campaigns/sending/send.ts'
import { selectCompany } from './company/queries.ts'
import type { Config } from './config.ts'
import { Db } from './foundation/db.ts'
import { jobConnections } from './foundation/job-connections.ts'
import { pruneFailedJobs } from './foundation/jobs.ts'
import { CrashSweep } from './foundation/job-sweep.ts'
import { log } from './foundation/log.ts'
import { QueueWatch } from './foundation/queue-state.ts'
import { forgetOldLimits } from './foundation/throttle.ts'
import { keyFor } from './foundation/keys.ts'
import { pruneLetters } from './foundation/mail/prune.ts'
import { deliverLetter } from './foundation/mail/deliver.ts'
import { keepInOutbox, smtp } from './foundation/mail/transport.ts'
import { closeImpersonations } from './sessions/acting/close.ts'
import { pruneImpersonations } from './impersonation/prune.ts'
import { inviteAgain } from './invitations/again.ts'
import { forgetOldImports } from './imports/forget.ts'
import { takeIn } from './imports/take-in.ts'
import { letterBook } from './letters.ts'
import { armLink } from './links/carry.ts'
import { pruneLinks } from './links/prune.ts'
import { buryTemporaryPasswords } from './passwords/bury-temporary.ts'
import { forgetOldTries } from './passwords/tries.ts'
import { answerForgotten } from './recovery/ask.ts'

import { pruneSessions } from './sessions/pruning/prune.ts'

export interface Worker {
  stop(): Promise<void>
}

const pauseBeforeRestart = 5_000

/**
 * Runs the jobs and their schedule, inside the server or alone; any number of workers may share one database. What ends by
 * itself, since its queue could not be written, is started again.
 */
export async function startWorker(
  connectionString: string,
  config: Config,
  watch = new QueueWatch(),
): Promise<Worker> {
  const start = () => startOnce(connectionString, config, watch)
  const stopping = new AbortController()
  let running = await start()
  const keptRunning = (async () => {
    while (!stopping.signal.aborted) {
      const why = await running.ended
      if (stopping.signal.aborted) return
      watch.ended(why)
      await running.stop().catch((error: unknown) => log.warn({ err: error }, 'stopping the worker'))
      running = nothing
      running = await again(start, stopping.signal)
    }
  })()
  return {
    async stop() {
      stopping.abort()
      const before = running
      await before.stop()
      await keptRunning
      if (running !== before) await running.stop()
    },
  }
}

/** Tries until it succeeds: the database may be away just now. */
async function again(start: () => Promise<Running>, signal: AbortSignal): Promise<Running> {
  for (;;) {
    await sleep(pauseBeforeRestart, undefined, { signal, ref: false }).catch(() => {})
    if (signal.aborted) return nothing
    const started = await start().catch((error: unknown) => log.warn({ err: error }, 'starting the worker'))
    if (started) return started
  }
}

interface Running extends Worker {
  /** Why it ended, once it has by itself. */
  ended: Promise<unknown>
}
const nothing: Running = { stop: () => Promise.resolve(), ended: Promise.resolve() }

async function startOnce(connectionString: string, config: Config, watch: QueueWatch): Promise<Running> {
  const db = new Db(connectionString, { max: 6, statement_timeout: 60_000 })
  const queue = jobConnections(connectionString)
  const office = postOffice(db, config)
  const events: WorkerEvents = new EventEmitter()
  const crashes = new CrashSweep(db, events)
  watch.follow(events)
  const runner = await run({
    pgPool: queue.pool,
    events,
    concurrency: 4,
    noHandleSignals: true,
    taskList: tasks(db, office),
    parsedCronItems: parseCronItems([
      regularly('forget_old_limits', '17 * * * *'),
      regularly('forget_old_imports', '27 * * * *'),
      regularly('prune_sessions', '*/15 * * * *'),
      regularly('prune_history', '50 3 * * *', aDay),
      regularly('bury_temporary_passwords', '* * * * *'),
      regularly('close_impersonations', '* * * * *'),
      regularly('tend_campaigns', '* * * * *'),
      regularly('start_automations', '* * * * *'),
      regularly('check_activity_log', '10 3 * * *', aDay),
      regularly('remove_old_activity', '40 3 * * *', aDay),
    ]),
    logger: new Logger(() => (level, message) => {
      if (level === 'error' || level === 'warning')
        log[level === 'error' ? 'error' : 'warn']({ message }, 'worker')
    }),
  })
  const utils = await makeWorkerUtils({ pgPool: queue.pool })
  const sweeping = setInterval(() => void sweep(), 5_000)
  const sweep = () =>
    crashes.sweep(utils).catch((error: unknown) => log.warn({ err: error }, 'sweep of crashed workers'))
  await sweep()

  return {
    ended: runner.promise.catch((error: unknown) => error),
    async stop() {
      clearInterval(sweeping)
      await runner.stop().catch(() => {}) // it has ended already
      await utils.release()
      await crashes.release()
      office.transport.close()
      await queue.close()
      await db.close()
    },
  }
}

const aDay = 24 * 60 * 60 * 1_000

/** Two workers queue it once; a turn that was slept through is made up for within `backfillPeriod`. */
const regularly = (task: string, match: string, backfillPeriod = 0) => ({
  task,
  match,
  options: { jobKey: task, backfillPeriod },
})

/** What the jobs do, by the names that they are queued under. */
export function tasks(db: Db, office: CampaignOffice): TaskList {
  return {
    async deliver_letter(payload, { job }) {
      const { letterId } = payload as { letterId: string }
      await deliverLetter(office, letterId, job.attempts >= job.max_attempts)
    },
    answer_forgotten: (payload) =>
      answerForgotten(db, inviteAgain, payload as Parameters<typeof answerForgotten>[2]),
    bury_temporary_passwords: () => buryTemporaryPasswords(db),
    close_impersonations: () => closeImpersonations(db),
    send_campaign: (payload, { job }) => sendCampaign(office, payload, String(job.id)),
    tend_campaigns: () => tendCampaigns(office),
    start_automations: () => startAutomations(db),
    async run_automation(payload, { job }) {
      const { runId } = payload as { runId: string }
      await runAutomation(db, runId, job.attempts >= job.max_attempts)
    },
    check_activity_log: () => recordCheck(db),
    remove_old_activity: () => removeOldMonths(db),
    async import_people(payload, { job }) {
      const { importId } = payload as { importId: string }
      await takeIn(db, importId, job.attempts >= job.max_attempts)
    },
    forget_old_imports: () => forgetOldImports(db),
    prune_sessions: () => pruneSessions(db),
    async prune_history() {
      for (const prune of [
        pruneImpersonations,
        pruneLinks,
        pruneLetters,
        pruneChoices,
        pruneRuns,
        pruneFailedJobs,
      ])
        await prune(db)
    },
    forget_old_limits: async () => {
      await forgetOldLimits(db)
      await forgetOldTries(db)
    },
  }
}

export function postOffice(db: Db, config: Config): CampaignOffice {
  const { smtpUrl, mailFrom, baseUrl, sessionSecrets } = config
  const key = keyFor('links', sessionSecrets)
  return {
    db,
    linkKey: key,
    book: letterBook,
    transport: smtpUrl ? smtp(smtpUrl, mailFrom) : keepInOutbox,
    armLink: (linkId) => armLink(db, key, linkId),
    setting: async () => ({ company: await selectCompany(db, config), baseUrl }),
    onFailed(tx, { user_id, to_name, to_address, template }, answer) {
      const fieldkey = { actor: null, ip: null, userAgent: null, requestId: null }
      const subject = user_id ? { id: user_id, name: to_name, email: to_address } : null
      record(tx, fieldkey, { event: 'mail_failed', subject, details: { template, answer } })
    },
  }
}
