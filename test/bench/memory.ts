import { existsSync, readFileSync } from 'node:fs'

const mb = (kb: number) => `${(kb / 1024).toFixed(0)} MB`

/** Watches how much memory a process holds; `stop` gives by how many MB it grew, and says so, where the system tells. */
export function peakMemory(pid: number): { stop: () => { mb: number; words: string } } {
  const status = `/proc/${pid}/status`
  if (!existsSync(status)) return { stop: () => ({ mb: NaN, words: 'is not told by this system' }) }
  const held = () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(status, 'utf8'))?.[1])
  const before = held()
  let peak = before
  const watch = setInterval(() => (peak = Math.max(peak, held())), 20)
  return {
    stop() {
      clearInterval(watch)
      return { mb: (peak - before) / 1024, words: `grew by ${mb(peak - before)}, from ${mb(before)}` }
    },
  }
}
