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
 * Watches whether jobs are fetched. graphile-worker itself speaks of a fetch that fails at debug level only, and tries
 * again for ever: a queue that cannot be read would look like one with nothing in it.
 */
export class QueueWatch {
  state = notStarted
  readonly #onChange: (state: QueueState) => void

  constructor(onChange: (state: QueueState) => void = () => {}) {
    this.#onChange = onChange
  }

  follow(events: WorkerEvents) {
    events.on('worker:getJob:empty', () => this.#fetched())
    events.on('job:start', () => this.#fetched())
    events.on('worker:getJob:error', ({ error }) => this.#failed(error as Error))
  }

  ended(why: unknown) {
    log.error({ err: why instanceof Error ? why : undefined }, 'the worker ended by itself, and starts again')
    this.#set({ ...this.state, trouble: 'the jobs have ended, and start again' })
  }

  #fetched() {
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
