const plurals: Record<string, string> = { person: 'people' }

const numbers = new Intl.NumberFormat('en')

/** "1 device", "1,306 entries", "2 people". */
export const counted = (count: number, one: string): string =>
  `${numbers.format(count)} ${count === 1 ? one : (plurals[one] ?? `${one.replace(/(?<![aeiou])y$/, 'ie')}s`)}`
