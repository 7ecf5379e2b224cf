import { counted } from '../../platform/counted.ts'
import { dayAndMonth, weekdayDayAndMonth } from '../../platform/web/dates.ts'
import type { DayCount } from './queries.ts'

/** Which of the two a chart shows. */
export interface Shown {
  signIns: boolean
  failures: boolean
}

interface Rect {
  x: string
  y: string
  width: string
  height: string
}

export interface ChartDay {
  href: string
  /** “Sun 8 Feb”, or “Today, Mon 9 Mar”. */
  name: string
  label: string
  today: boolean
  signIns: number
  failures: number
  hit: Rect
  above: Rect | null
  below: Rect | null
  /** What is written under the bar. */
  tick: string | null
  middle: string
}

/** A drawing of sign-ins and failures by day, all in numbers: failures hang below the line, at the same scale. */
export interface DailyChart {
  shown: Shown
  totals: { signIns: number; failures: number }
  size: Size
  width: number
  height: number
  plot: number
  base: number
  grid: { y: string; label: string }[]
  days: ChartDay[]
}

const sizes = {
  /** Over the whole width of the log. */
  long: { width: 1230, height: 110, base: 67, above: 55, below: 25, bar: 24, lines: 1 },
  /** The same for more than a month, which scrolls. */
  wide: { width: 2430, height: 110, base: 67, above: 55, below: 25, bar: 16, lines: 1 },
  /** Two weeks beside other things. */
  small: { width: 402, height: 176, base: 119, above: 104, below: 38, bar: 17, lines: 2 },
}
export type Size = keyof typeof sizes

/** Where the numbers of the scale stand, right of the bars. */
const margin = { long: 26, wide: 26, small: 22 }

export function dailyChart(
  counts: DayCount[],
  { shown, size, href }: { shown: Shown; size: Size; href: (day: string) => string },
): DailyChart {
  const { width, height, base, above, below, lines } = sizes[size]
  const days = counts.map((each) => ({
    ...each,
    signIns: shown.signIns ? each.sign_ins : 0,
    failures: shown.failures ? each.failures : 0,
  }))
  const [mostAbove, mostBelow] = [
    Math.max(1, ...days.map(({ signIns }) => signIns)),
    Math.max(1, ...days.map(({ failures }) => failures)),
  ]
  const unit = Math.min(above / mostAbove, below / mostBelow)
  const plot = width - margin[size]
  const slot = plot / days.length
  const draw = (day: (typeof days)[number], i: number) =>
    toChartDay(day, i, { slot, unit, size, shown, href })
  return {
    ...{ shown, size, width, height, plot, base },
    totals: { signIns: sum(days, 'signIns'), failures: sum(days, 'failures') },
    grid: gridOf(mostAbove, lines).map((value) => ({
      y: fixed(base - value * unit),
      label: value.toLocaleString('en', { notation: 'compact' }),
    })),
    days: days
      .map(draw)
      .map((day, i, all) => (all[i + 1]?.today && slot < narrow ? { ...day, tick: null } : day)),
  }
}

type Counted = DayCount & { signIns: number; failures: number }
interface Scale {
  slot: number
  unit: number
  size: Size
  shown: Shown
  href: (day: string) => string
}

function toChartDay(day: Counted, i: number, { slot, unit, size, shown, href }: Scale): ChartDay {
  const { base, height, bar } = sizes[size]
  const { signIns, failures, today } = day
  const date = new Date(day.day)
  const weekday = weekdayDayAndMonth(date, 'UTC')
  const name = today ? `Today, ${weekday}` : weekday
  const values = [
    shown.signIns && counted(signIns, 'sign-in'),
    shown.failures && counted(failures, 'failure'),
  ]
  const bars = { x: fixed(i * slot + (slot - bar) / 2), width: fixed(bar) }
  const [up, down] = [signIns, failures].map((value) => Math.max(2, value * unit)) as [number, number]
  return {
    ...{ href: href(day.day), name, today, signIns, failures },
    label: `${name}: ${values.filter(Boolean).join(', ')}`,
    hit: { x: fixed(i * slot), y: '0', width: fixed(slot), height: fixed(height) },
    above: signIns > 0 ? { ...bars, y: fixed(base - 1 - up), height: fixed(up) } : null,
    below: failures > 0 ? { ...bars, y: fixed(base + 1), height: fixed(down) } : null,
    tick: tickOf(date, today, i, slot),
    middle: fixed(i * slot + slot / 2),
  }
}

/** Bars at which the names of two days side by side would touch. */
const narrow = 34

/** Under each bar its day, with the month at the beginning and on the first; every other one where they are narrow. */
function tickOf(date: Date, today: boolean, i: number, slot: number): string | null {
  if (today) return 'Today'
  if (slot < narrow && i % 2) return null
  return i === 0 || date.getUTCDate() === 1 ? dayAndMonth(date, 'UTC') : String(date.getUTCDate())
}

/** Round numbers up to the largest value. */
function gridOf(most: number, lines: number): number[] {
  const power = 10 ** Math.floor(Math.log10(most))
  const top = [8, 6, 5, 4, 2, 1].map((step) => step * power).find((value) => value <= most) ?? 1
  return lines === 2 && top % 2 === 0 ? [top / 2, top] : [top]
}

const sum = (days: Counted[], of: 'signIns' | 'failures') => days.reduce((all, day) => all + day[of], 0)
const fixed = (value: number) => String(Math.round(value * 10) / 10)
