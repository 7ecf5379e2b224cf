/**
 * The parts of a name, with those marked that somebody typed. Accents count for nothing, as on the server. Characters that
 * the server knows as two, such as ß, are found but not marked.
 */
export function markMatch(name, typed) {
  const signs = [...name.normalize('NFC')]
  const plain = signs.map((sign) => fold(sign) || sign)
  const marked = signs.map(() => false)
  for (const word of fold(typed)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)) {
    const at = positionOf(word, plain)
    for (let i = at; at >= 0 && i < at + [...word].length; i++) marked[i] = true
  }
  return signs.reduce(
    (nodes, sign, i) => append(nodes, sign, marked[i], i > 0 && marked[i] === marked[i - 1]),
    [],
  )
}

const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** The start of a word if there is one, otherwise the first place. */
function positionOf(word, signs) {
  const size = [...word].length
  const places = signs.map((_, i) => i).filter((i) => signs.slice(i, i + size).join('') === word)
  return places.find((i) => i === 0 || !/[\p{L}\p{N}]/u.test(signs[i - 1])) ?? places[0] ?? -1
}

function append(nodes, sign, isMarked, isSame) {
  if (isSame) nodes.at(-1).textContent += sign
  else {
    const node = isMarked ? document.createElement('mark') : document.createTextNode('')
    node.textContent = sign
    nodes.push(node)
  }
  return nodes
}
