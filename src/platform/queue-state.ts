import type { WorkerEvents } from 'graphile-worker'
import { log } from './log.ts'

/** Why no jobs are done, and how `/readyz` says it. */
export const troubleTexts = {
  not_started: 'the jobs have not started yet',
  ended: 'the jobs have ended, and start again',
  unreadable: 'the job queue cannot be read',
} as const
export type QueueTrouble = keyof typeof troubleTexts

/** The state of the jobs of this server, for `/readyz` and the metrics. */
export interface QueueState {
  /** Why no jobs are done; null while they are fetched. */
  trouble: QueueTrouble | null
  failedFetches: number
}

export const notStarted: QueueState = { trouble: 'not_started', failedFetches: 0 }

/** At two fetches a second, an idle worker logs about one line a minute. */
const failuresPerWarning = 100

/**
 * A fetch takes milliseconds. One that is not answered for this many milliseconds, while no other is answered either,
 * counts as hanging. Idle lanes fetch every two seconds, and as soon as a job is queued.
 */
const fetchTimeoutMs = 15_000

/**
 * Watches whether jobs are fetched. graphile-worker reports a failed fetch at debug level only and retries for ever,
 * so an unreadable queue would look empty. A hanging fetch, for example behind a lock, gives no event, so the time is
 * watched too. Lanes that run a job fetch nothing; that is no trouble.
 */
export class QueueWatch {
  state = notStarted
  readonly #onChange: (state: QueueState) => void
  readonly #stalledAfterMs: number
  /** Each lane that waits for a fetch, and since when. */
  readonly #fetching = new Map<object, number>()
  #lastFetched = 0
  #checking: NodeJS.Timeout | undefined

  constructor(onChange: (state: QueueState) => void = () => {}, stalledAfterMs = fetchTimeoutMs) {
    this.#onChange = onChange
    this.#stalledAfterMs = stalledAfterMs
  }

  follow(events: WorkerEvents) {
    this.#fetching.clear()
    clearInterval(this.#checking)
    this.#checking = setInterval(() => this.#checkStall(), this.#stalledAfterMs / 5).unref()
    events.on('worker:getJob:start', ({ worker }) => this.#fetching.set(worker, performance.now()))
    events.on('worker:getJob:empty', ({ worker }) => this.#fetched(worker))
    events.on('job:start', ({ worker }) => this.#fetched(worker))
    events.on('worker:getJob:error', ({ worker, error }) => {
      this.#fetching.delete(worker)
      this.#failed(error as Error)
    })
    events.on('worker:stop', ({ worker }) => this.#fetching.delete(worker))
  }

  ended(reason: unknown) {
    this.#fetching.clear()
    log.error(
      { err: reason instanceof Error ? reason : undefined },
      'the worker stopped unexpectedly and restarts',
    )
    this.#set({ ...this.state, trouble: 'ended' })
  }

  #checkStall() {
    if (this.state.trouble === 'unreadable') return
    const since = Math.max(this.#lastFetched, Math.min(...this.#fetching.values()))
    if (performance.now() - since > this.#stalledAfterMs)
      this.#failed(
        new Error('A fetch of a job is not answered: look for locks on graphile_worker._private_jobs'),
      )
  }

  #fetched(worker: object) {
    this.#fetching.delete(worker)
    this.#lastFetched = performance.now()
    if (this.state.trouble === null) return
    if (this.state.failedFetches > 0) log.info('jobs are fetched again')
    this.#set({ ...this.state, trouble: null })
  }

  #failed(err: Error) {
    const failedFetches = this.state.failedFetches + 1
    if (this.state.trouble !== 'unreadable' || failedFetches % failuresPerWarning === 0)
      log.warn({ err, failedFetches }, 'no job could be fetched')
    this.#set({ trouble: 'unreadable', failedFetches })
  }

  #set(state: QueueState) {
    this.state = state
    this.#onChange(state)
  }
}
