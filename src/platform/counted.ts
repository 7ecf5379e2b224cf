const plurals: Record<string, string> = { person: 'people' }

/** "1 device", "1,306 entries", "2 people". */
export const counted = (count: number, one: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : (plurals[one] ?? `${one.replace(/(?<![aeiou])y$/, 'ie')}s`)}`
