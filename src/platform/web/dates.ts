const never = 'Never'

type Format = Intl.DateTimeFormatOptions
const formatOptions = {
  day: { day: 'numeric', month: 'short', year: 'numeric' },
  hour: { hour: '2-digit', minute: '2-digit' },
  clock: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  weekday: { weekday: 'long' },
  shortWeekday: { weekday: 'short' },
  ofMonth: { day: 'numeric', month: 'short' },
  long: { day: 'numeric', month: 'long', year: 'numeric' },
  numbers: { day: '2-digit', month: '2-digit', year: 'numeric' },
  ofDay: { hour: '2-digit', hourCycle: 'h23' },
  zonedHour: { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' },
} satisfies Record<string, Format>

/** Cached for each time zone: creating one costs a hundred times as much as using it. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatPart(date: Date, timeZone: string, style: keyof typeof formatOptions): string {
  const key = `${style} ${timeZone}`
  const format = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', { timeZone, ...formatOptions[style] })
  formats.set(key, format)
  return format.format(date)
}

/** 9 Mar 2026 */
export function day(date: Date | null, timeZone: string): string {
  return date ? formatPart(date, timeZone, 'day') : never
}

/** 9 Mar */
export const dayAndMonth = (date: Date, timeZone: string): string => formatPart(date, timeZone, 'ofMonth')

/** Mon 9 Mar */
export const weekdayDayAndMonth = (date: Date, timeZone: string): string =>
  `${formatPart(date, timeZone, 'shortWeekday')} ${dayAndMonth(date, timeZone)}`

/** Today, 09:41 · Yesterday, 16:20 · 9 Mar 2026, 17:22 */
export function dayAndTime(date: Date | null, timeZone: string): string {
  if (!date) return never
  return `${nearDay(date, timeZone) ?? day(date, timeZone)}, ${formatPart(date, timeZone, 'hour')}`
}

/** today, 09:41 · yesterday, 16:20 · 9 Mar 2026, 17:22 */
export const inSentence = (date: Date | null, timeZone: string): string =>
  dayAndTime(date, timeZone).replace(/^[TY]/, (first) => first.toLowerCase())

/** today at 09:41 · tomorrow at 09:41 · 9 Mar 2026 at 17:22 */
export function deadline(date: Date | null, timeZone: string): string {
  if (!date) return never.toLowerCase()
  const days = calendarDay(date, timeZone) - calendarDay(new Date(), timeZone)
  const near = ['today', 'tomorrow'][days] ?? day(date, timeZone)
  return `${near} at ${time(date, timeZone)}`
}

/** 09:41 */
export function time(date: Date | null, timeZone: string): string {
  return date ? formatPart(date, timeZone, 'hour') : never
}

/** 09:41:12 */
export function clock(date: Date | null, timeZone: string): string {
  return date ? formatPart(date, timeZone, 'clock') : never
}

/** Monday 9 March 2026 */
export const weekdayAndDay = (date: Date | null, timeZone: string): string =>
  date ? `${formatPart(date, timeZone, 'weekday')} ${formatPart(date, timeZone, 'long')}` : never

/** Today, Monday 9 March 2026 */
export function longDay(date: Date | null, timeZone: string): string {
  const near = date && nearDay(date, timeZone)
  return near ? `${near}, ${weekdayAndDay(date, timeZone)}` : weekdayAndDay(date, timeZone)
}

/** Monday 9 March 2026, 09:41 UTC */
export const inEmail = (date: Date, timeZone: string): string =>
  `${formatPart(date, timeZone, 'weekday')} ${formatPart(date, timeZone, 'long')}, ${formatPart(date, timeZone, 'zonedHour')}`

/** The hour of the day, 0 to 23. */
export const hourOf = (date: Date, timeZone: string): number => Number(formatPart(date, timeZone, 'ofDay'))

function nearDay(date: Date, timeZone: string): 'Today' | 'Yesterday' | undefined {
  const days = calendarDay(new Date(), timeZone) - calendarDay(date, timeZone)
  if (days === 0) return 'Today'
  return days === 1 ? 'Yesterday' : undefined
}

/** The number of a calendar day in a time zone. Days there have 23 to 25 hours, so hours are never subtracted. */
function calendarDay(date: Date, timeZone: string): number {
  const [ofMonth, month, year] = formatPart(date, timeZone, 'numbers').split('/').map(Number)
  return Date.UTC(year ?? 0, (month ?? 1) - 1, ofMonth) / millisecondsOfUtcDay
}

/** 2026-03-09, so many days from today. */
export const isoDayFromToday = (days: number, timeZone: string): string =>
  new Date((calendarDay(new Date(), timeZone) + days) * millisecondsOfUtcDay).toISOString().slice(0, 10)

/** UTC has no daylight saving time. */
const millisecondsOfUtcDay = 86_400_000

/** A waiting time as text, rounded up: *a minute*, *43 minutes*. */
export function inMinutes(seconds: number): string {
  const minutes = Math.ceil(seconds / 60)
  return minutes === 1 ? 'a minute' : `${minutes.toLocaleString('en')} minutes`
}
