const never = 'Never'

const show = (date: Date, timeZone: string, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, ...options }).format(date)

/** 9 Mar 2026 */
export function day(date: Date | null, timeZone: string): string {
  return date ? show(date, timeZone, { day: 'numeric', month: 'short', year: 'numeric' }) : never
}

/** Today, 09:41 · Yesterday, 16:20 · 9 Mar 2026, 17:22 */
export function when(date: Date | null, timeZone: string): string {
  if (!date) return never
  return `${nearDay(date, timeZone) ?? day(date, timeZone)}, ${show(date, timeZone, { hour: '2-digit', minute: '2-digit' })}`
}

/** 09:41 */
export function hour(date: Date | null, timeZone: string): string {
  return date ? show(date, timeZone, { hour: '2-digit', minute: '2-digit' }) : never
}

/** 09:41:12 */
export function clock(date: Date | null, timeZone: string): string {
  return date ? show(date, timeZone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }) : never
}

/** Today, Monday 9 March 2026 */
export function longDay(date: Date | null, timeZone: string): string {
  if (!date) return never
  const weekday = show(date, timeZone, { weekday: 'long' })
  const long = `${weekday} ${show(date, timeZone, { day: 'numeric', month: 'long', year: 'numeric' })}`
  const near = nearDay(date, timeZone)
  return near ? `${near}, ${long}` : long
}

/** The hour of the day, 0 to 23. */
export const hourOf = (date: Date, timeZone: string): number =>
  Number(show(date, timeZone, { hour: '2-digit', hourCycle: 'h23' }))

function nearDay(date: Date, timeZone: string): 'Today' | 'Yesterday' | undefined {
  const then = day(date, timeZone)
  const hours = (ago: number) => day(new Date(Date.now() - ago * 3_600_000), timeZone)
  if (then === hours(0)) return 'Today'
  return then === hours(24) ? 'Yesterday' : undefined
}

/** How long to wait, in words, rounded up: *a minute*, *43 minutes*. */
export function inMinutes(seconds: number): string {
  const minutes = Math.ceil(seconds / 60)
  return minutes === 1 ? 'a minute' : `${minutes.toLocaleString('en')} minutes`
}
