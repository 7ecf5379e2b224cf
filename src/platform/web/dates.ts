const never = 'Never'

type Shape = Intl.DateTimeFormatOptions
const shapes = {
  day: { day: 'numeric', month: 'short', year: 'numeric' },
  hour: { hour: '2-digit', minute: '2-digit' },
  clock: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  weekday: { weekday: 'long' },
  long: { day: 'numeric', month: 'long', year: 'numeric' },
  numbers: { day: '2-digit', month: '2-digit', year: 'numeric' },
  ofDay: { hour: '2-digit', hourCycle: 'h23' },
} satisfies Record<string, Shape>

/** Made once for each time zone: it costs a hundred times what it does. */
const formats = new Map<string, Intl.DateTimeFormat>()

function show(date: Date, timeZone: string, shape: keyof typeof shapes): string {
  const key = `${shape} ${timeZone}`
  const format = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', { timeZone, ...shapes[shape] })
  formats.set(key, format)
  return format.format(date)
}

/** 9 Mar 2026 */
export function day(date: Date | null, timeZone: string): string {
  return date ? show(date, timeZone, 'day') : never
}

/** Today, 09:41 · Yesterday, 16:20 · 9 Mar 2026, 17:22 */
export function dayAndTime(date: Date | null, timeZone: string): string {
  if (!date) return never
  return `${nearDay(date, timeZone) ?? day(date, timeZone)}, ${show(date, timeZone, 'hour')}`
}

/** 09:41 */
export function time(date: Date | null, timeZone: string): string {
  return date ? show(date, timeZone, 'hour') : never
}

/** 09:41:12 */
export function clock(date: Date | null, timeZone: string): string {
  return date ? show(date, timeZone, 'clock') : never
}

/** Today, Monday 9 March 2026 */
export function longDay(date: Date | null, timeZone: string): string {
  if (!date) return never
  const weekday = show(date, timeZone, 'weekday')
  const long = `${weekday} ${show(date, timeZone, 'long')}`
  const near = nearDay(date, timeZone)
  return near ? `${near}, ${long}` : long
}

/** The hour of the day, 0 to 23. */
export const hourOf = (date: Date, timeZone: string): number => Number(show(date, timeZone, 'ofDay'))

function nearDay(date: Date, timeZone: string): 'Today' | 'Yesterday' | undefined {
  const days = calendarDay(new Date(), timeZone) - calendarDay(date, timeZone)
  if (days === 0) return 'Today'
  return days === 1 ? 'Yesterday' : undefined
}

/** The number of a day in the calendar of a time zone. Days there have 23 to 25 hours, so hours are never subtracted. */
function calendarDay(date: Date, timeZone: string): number {
  const [ofMonth, month, year] = show(date, timeZone, 'numbers').split('/').map(Number)
  return Date.UTC(year ?? 0, (month ?? 1) - 1, ofMonth) / millisecondsOfUtcDay
}

/** UTC never changes its clocks. */
const millisecondsOfUtcDay = 86_400_000

/** How long to wait, in words, rounded up: *a minute*, *43 minutes*. */
export function inMinutes(seconds: number): string {
  const minutes = Math.ceil(seconds / 60)
  return minutes === 1 ? 'a minute' : `${minutes.toLocaleString('en')} minutes`
}
