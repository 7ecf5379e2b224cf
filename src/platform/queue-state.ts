import type { WorkerEvents } from 'graphile-worker'
import { log } from './log.ts'

/** How it stands with the jobs of this server, for whoever asks whether it is ready. */
export interface QueueState {
  /** Why no job is done, in words; null while they are fetched. */
  trouble: string | null
  failedFetches: number
}

export const notStarted: QueueState = { trouble: 'the jobs have not started yet', failedFetches: 0 }

/** At two a second from a worker at rest, a line a minute or so. */
const warnEvery = 100

/**
 * Milliseconds after which a fetch that is not answered is one that hangs, if no other was answered meanwhile. A fetch takes
 * milliseconds, and lanes at rest begin one every two seconds or as soon as a job is queued.
 */
const longestFetch = 15_000

/**
 * Watches whether jobs are fetched. graphile-worker itself speaks of a fetch that fails at debug level only, and tries
 * again for ever: a queue that cannot be read would look like one with nothing in it. A fetch that hangs, as behind a
 * lock, gives no event at all, so the time is watched too. Lanes that are busy with a job fetch nothing, and are no trouble.
 */
export class QueueWatch {
  state = notStarted
  readonly #onChange: (state: QueueState) => void
  readonly #stalledAfter: number
  /** Each lane that waits for the answer to a fetch, and since when. */
  readonly #fetching = new Map<object, number>()
  #lastFetched = 0
  #checking: NodeJS.Timeout | undefined

  constructor(onChange: (state: QueueState) => void = () => {}, stalledAfter = longestFetch) {
    this.#onChange = onChange
    this.#stalledAfter = stalledAfter
  }

  follow(events: WorkerEvents) {
    this.#fetching.clear()
    clearInterval(this.#checking)
    this.#checking = setInterval(() => this.#checkStall(), this.#stalledAfter / 5).unref()
    events.on('worker:getJob:start', ({ worker }) => this.#fetching.set(worker, performance.now()))
    events.on('worker:getJob:empty', ({ worker }) => this.#fetched(worker))
    events.on('job:start', ({ worker }) => this.#fetched(worker))
    events.on('worker:getJob:error', ({ worker, error }) => {
      this.#fetching.delete(worker)
      this.#failed(error as Error)
    })
    events.on('worker:stop', ({ worker }) => this.#fetching.delete(worker))
  }

  ended(why: unknown) {
    this.#fetching.clear()
    log.error({ err: why instanceof Error ? why : undefined }, 'the worker ended by itself, and starts again')
    this.#set({ ...this.state, trouble: 'the jobs have ended, and start again' })
  }

  #checkStall() {
    if (this.state.trouble === cannotBeRead) return
    const since = Math.max(this.#lastFetched, Math.min(...this.#fetching.values()))
    if (performance.now() - since > this.#stalledAfter)
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
    if (this.state.trouble !== cannotBeRead || failedFetches % warnEvery === 0)
      log.warn({ err, failedFetches }, 'no job could be fetched')
    this.#set({ trouble: cannotBeRead, failedFetches })
  }

  #set(state: QueueState) {
    this.state = state
    this.#onChange(state)
  }
}

const cannotBeRead = 'the job queue cannot be read'
