import { sayTable } from './numbers.ts'

/** What a measure found, beside what it should be: a share of the limit, a multiple of something, or a plain figure. */
export interface Target {
  work: string
  beside: string
  measured: number
  unit: '×' | 'ms' | 'MB'
  atLeast?: number
  atMost?: number
}

const isMet = ({ measured, atLeast = -Infinity, atMost = Infinity }: Target): boolean =>
  measured >= atLeast && measured <= atMost

/** One line for each target, met or not. */
export function sayTargets(targets: Target[]) {
  sayTable(
    targets.map((target) => ({
      work: target.work,
      beside: target.beside,
      measured: inUnit(target.measured, target),
      target:
        target.atLeast === undefined
          ? `≤ ${inUnit(target.atMost ?? NaN, target)}`
          : `≥ ${inUnit(target.atLeast, target)}`,
      met: isMet(target) ? 'yes' : 'no',
    })),
  )
}

const inUnit = (figure: number, { unit }: Target): string =>
  unit === '×' ? figure.toFixed(2) : `${figure.toFixed(figure < 10 ? 1 : 0)} ${unit}`
