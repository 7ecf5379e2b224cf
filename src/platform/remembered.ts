const most = 10_000

/** A function of text that keeps its last answers: for what is asked for again and again, as the names on a list. */
export function remembered(find: (text: string) => string): (text: string) => string {
  const answers = new Map<string, string>()
  return (text) => {
    const known = answers.get(text)
    if (known !== undefined) return known
    const found = find(text)
    if (answers.size >= most) answers.clear()
    answers.set(text, found)
    return found
  }
}
