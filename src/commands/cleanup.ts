export type Cleanup = () => Promise<void>

/** Closes once: on Ctrl-C, on SIGTERM, or when the npm process that started this one disappears. */
export function closeOnSignal(close: Cleanup) {
  let closing: Promise<void> | undefined
  const closeOnce = () => {
    setTimeout(() => process.exit(1), 30_000).unref() // do not wait for what hangs, such as a database that is gone
    closing ??= close().then(() => process.exit(0))
  }
  process.on('SIGINT', closeOnce)
  process.on('SIGTERM', closeOnce)
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && closeOnce(), 500).unref()
}
