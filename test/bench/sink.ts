import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { cpuSeconds } from './cpu.ts'

/** A mail server that takes everything: see mail-sink.ts. */
export class Sink {
  readonly url: string
  readonly #process: ChildProcess

  constructor(process: ChildProcess, port: number) {
    this.#process = process
    this.url = `smtp://127.0.0.1:${port}`
  }

  static async open(): Promise<Sink> {
    const file = fileURLToPath(new URL('./mail-sink.ts', import.meta.url))
    const process = fork(file, { execArgv: ['--import', './src/typescript.js'] })
    const [port] = (await once(process, 'message')) as [number]
    return new Sink(process, port)
  }

  /** What came since it was asked last. */
  async told() {
    this.#process.send('tell')
    const [told] = (await once(this.#process, 'message')) as [{ emails: number; people: number; ms: number }]
    return { ...told, perSecond: (told.emails / told.ms) * 1000 }
  }

  get cpu() {
    return cpuSeconds(this.#process.pid)
  }

  close() {
    this.#process.kill('SIGKILL')
  }
}
