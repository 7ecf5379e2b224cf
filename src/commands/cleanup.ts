export type Cleanup = () => Promise<void>

/** Closes once, whoever asks: Ctrl-C, SIGTERM, or the npm that started us going away without a word. */
export function closeOnSignal(close: Cleanup) {
  let closing: Promise<void> | undefined
  const closeOnce = () => {
    setTimeout(() => process.exit(1), 30_000).unref() // whatever hangs, say a database that is gone, is left behind
    closing ??= close().then(() => process.exit(0))
  }
  process.on('SIGINT', closeOnce)
  process.on('SIGTERM', closeOnce)
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && closeOnce(), 500).unref()
}
