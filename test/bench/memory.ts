import { existsSync, readFileSync } from 'node:fs'

const mb = (kb: number) => `${(kb / 1024).toFixed(0)} MB`

/** Watches how much memory a process holds; `stop` says from where to where it went, where the system tells. */
export function peakMemory(pid: number): { stop: () => string } {
  const status = `/proc/${pid}/status`
  if (!existsSync(status)) return { stop: () => 'is not told by this system' }
  const held = () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(status, 'utf8'))?.[1])
  const before = held()
  let peak = before
  const watch = setInterval(() => (peak = Math.max(peak, held())), 20)
  return {
    stop() {
      clearInterval(watch)
      return `grew by ${mb(peak - before)}, from ${mb(before)}`
    },
  }
}
