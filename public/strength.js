// Says how guessable a new password looks. Advice only, and it praises none that a person typed: the server decides, by
// length and by its lists of known passwords, which are not here.
const WARNINGS = ['', 'Easy to guess, ', 'Not hard to guess, ', '']
const COMMON =
  'password passwort qwerty asdf letmein welcome admin iloveyou dragon monkey secret changeme'.split(' ')
const PAUSE = 250 // so that a screen reader hears the outcome, not every key
const timers = new WeakMap()

document.addEventListener('input', ({ target }) => {
  const line = target.id && document.querySelector(`[data-strength-for="${CSS.escape(target.id)}"]`)
  if (!line) return
  clearTimeout(timers.get(line))
  timers.set(line, setTimeout(tell, PAUSE, line, target))
})

function tell(line, field) {
  const [score, words] = judge(field, line.dataset.known ?? '')
  line.hidden = field.value === '' || isDrawn(field) // what was drawn is strong, and says so
  line.querySelector('meter').value = score
  line.querySelector('span').textContent = words
}

const isDrawn = ({ value, form }) => form.querySelector('[data-passphrase] output')?.textContent === value

/** 0 to 3, and words. */
function judge({ value, minLength }, known) {
  const length = [...value].length
  if (length < minLength) return [Math.min(1, length), `${length} of at least ${minLength} characters`]
  const score = strengthOf(value, known)
  return [score, `${WARNINGS[score]}${length} characters`]
}

/** 1 to 3, by how many characters could not have been foretold from those before them. */
function strengthOf(value, known) {
  const surprises = countSurprises(foldKnownWords(value.toLowerCase(), known.toLowerCase()))
  if (surprises < 8) return 1
  return surprises < 11 ? 2 : 3
}

function foldKnownWords(value, known) {
  const guessable = known.split(/[\s@.]+/).filter((word) => word.length > 2)
  return [...guessable, ...COMMON].reduce((rest, word) => rest.replaceAll(word, '\u0000'), value)
}

function countSurprises(value) {
  const points = [...value].map((character) => character.codePointAt(0))
  return points.filter((point, at) => !foretold(points, point, at)).length
}

/** The same again, the next in a row (abc, 321), or part of something typed before (abcabc). */
function foretold(points, point, at) {
  const step = point - points[at - 1]
  if (Math.abs(step) <= 1) return true
  const recent = String(points.slice(at - 2, at + 1))
  return at >= 3 && String(points.slice(0, at)).includes(recent)
}
