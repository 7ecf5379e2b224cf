const most = 10_000

/** A function of text that keeps its last answers: for what is asked for again and again, as the names on a list. */
export function remembered<T>(find: (text: string) => T): (text: string) => T {
  const answers = new Map<string, { found: T }>()
  return (text) => {
    const known = answers.get(text)
    if (known) return known.found
    const found = find(text)
    if (answers.size >= most) answers.clear()
    answers.set(text, { found })
    return found
  }
}
