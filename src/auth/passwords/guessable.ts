import { commonWords } from './common-words.ts'

const tracks = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', '1234567890qwertyuiopasdfghjklzxcvbnm']
const longestPattern = 4
const shortestPlainCore = 8
const opening = /^[-_.@#$!?*]{0,3}\d{0,8}/
const decoration = /^[-_.@#$!?* ]{0,3}\d{0,8}[!?.*$#]{0,3}$/
const longestDecoration = 14
// Each look-alike and what it replaces. 1 and ! replace both i and l, so l is read as i too.
const lookAlikes = '01!l34@5$7'
const plainCharacters = 'oiiieaasst'

const words = new Set(commonWords.map(withoutLookAlikes))
const shortestWord = Math.min(...commonWords.map((word) => word.length))
const longestWord = Math.max(...commonWords.map((word) => word.length))

/**
 * Whether a password is guessable by how it is made, which no list could cover: a short pattern repeated, a run
 * along the alphabet or the keyboard, or a common word (two, or one repeated) with digits and signs around it and
 * look-alikes inside, such as P@ssw0rd1234. Takes the lower-cased form, and always tests the whole of it.
 */
export function isGuessable(canonical: string): boolean {
  return isPlain(canonical) || cores(canonical).some(isCommon)
}

function isPlain(text: string): boolean {
  return isPatternRepeated(text) || isRun(text)
}

/** ASCII only: guessing tools do not repeat patterns of other characters. */
function isPatternRepeated(text: string): boolean {
  if (!/^[ -~]+$/.test(text)) return false
  return range(1, longestPattern).some((length) => text.slice(length) === text.slice(0, -length))
}

/** Whether it runs up or down one of the tracks, wrapping at the ends. */
function isRun(text: string): boolean {
  return tracks.some((track) => [1, -1].some((step) => follows(text, track, step)))
}

function follows(text: string, track: string, step: number): boolean {
  let place = track.indexOf(text.charAt(0))
  for (const char of text) {
    if (char !== track.at(place)) return false
    place = (place + step) % track.length
  }
  return true
}

/** Everything that can remain after removing signs and digits at the start and end. */
function cores(text: string): string[] {
  const starts = range(0, opening.exec(text)![0].length)
  const ends = range(Math.max(0, text.length - longestDecoration), text.length).filter((end) =>
    decoration.test(text.slice(end)),
  )
  return starts.flatMap((start) => ends.map((end) => text.slice(start, end)))
}

/** Without an a–z it would match by chance: some random digits look like a word when read as look-alikes. */
function isCommon(core: string): boolean {
  if (!/[a-z]/.test(core)) return false
  if (core.length >= shortestPlainCore && isPlain(core)) return true
  return isMadeOfWords(withoutLookAlikes(core.replace(/[-_. ]/g, '')))
}

/** One word, two, or one repeated. */
function isMadeOfWords(core: string): boolean {
  return range(shortestWord, longestWord).some((length) => {
    const [first, rest] = [core.slice(0, length), core.slice(length)]
    return words.has(first) && (rest === '' || words.has(rest) || isRepeated(first, core))
  })
}

function isRepeated(word: string, text: string): boolean {
  return text === word.repeat(Math.ceil(text.length / word.length))
}

function withoutLookAlikes(text: string): string {
  return text.replace(/[01!l34@5$7]/g, (sign) => plainCharacters.charAt(lookAlikes.indexOf(sign)))
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, step) => first + step)
}
