// Shows a password that was just set, once more and for two minutes, so that it can be handed over.
// It is in the memory of this page only: it is never stored, sent or put into an address.
const MINUTES = 2
const DIGITS = 'zero one two three four five six seven eight nine'.split(' ')
const SIGNS = {
  '-': 'hyphen',
  '.': 'full stop',
  ',': 'comma',
  _: 'underscore',
  "'": 'apostrophe',
  '@': 'at sign',
}
let shown // the dialog and the slip

/** What to hand over of a form that was sent, if it has that. Nothing stays in its fields. */
export function takePassword(form) {
  const template = form.querySelector('template[data-hand-over]')
  if (!template) return
  const { newPassword, confirmPassword } = form.elements
  const words = newPassword.value
  for (const field of [newPassword, confirmPassword]) field.value = ''
  form.querySelector('[data-passphrase] output').textContent = ''
  return { words, parts: document.importNode(template.content, true) }
}

export function handOver({ words, parts }) {
  const dialog = document.createElement('dialog')
  const [sheet, slip] = parts.children
  const ends = Date.now() + MINUTES * 60_000
  dialog.setAttribute('aria-labelledby', 'hand-over-title')
  dialog.setAttribute('aria-describedby', 'hand-over-done')
  fill(parts, words, ends, slip.dataset.timeZone)
  const message = write(sheet.querySelector('.message'), words)
  offer(sheet, message)
  dialog.append(sheet)
  document.body.append(dialog, slip)
  const timer = setInterval(() => Date.now() >= ends && clear(), 1000)
  shown = { dialog, slip, timer }
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault() // Escape alone would lose it
    dialog.querySelector('[data-close]').focus()
  })
  dialog.addEventListener('close', clear)
  dialog.showModal()
  dialog.querySelector('[data-copy]').focus()
}

// Nothing of it waits in a page that the browser keeps for Back, or that nobody looked at for two minutes.
addEventListener('pagehide', clear)

function clear() {
  if (!shown) return
  const { dialog, slip, timer } = shown
  shown = undefined
  clearInterval(timer)
  dialog.replaceChildren()
  dialog.remove()
  slip.remove()
  document.querySelector('main [role=status]')?.focus()
}

function fill(parts, words, ends, timeZone) {
  const until = document.querySelector('[data-temporary-until]')
  const drawn = /^([a-z]+ )+\d\d$/.test(words)
  const hour = (time) =>
    new Date(time).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone })
  const put = (name, text) =>
    parts.querySelectorAll(`[data-${name}]`).forEach((place) => (place.textContent = text))
  const drop = (name) => parts.querySelectorAll(`[data-${name}]`).forEach((place) => place.remove())
  drop(drawn ? 'typed' : 'drawn')
  if (!until) drop('temporary')
  put('until', until?.textContent)
  put('exactly', until?.dataset.exactly)
  put('changed', document.querySelector('main [role=status] span')?.textContent ?? '')
  put('leaves', hour(ends))
  put('now', hour(Date.now()))
  put('count', words.split(' ').length)
  parts.querySelector('.slip-words').textContent = words
  parts.querySelector('[data-parts]').append(...words.split(' ').filter(Boolean).map(item))
}

function item(part) {
  const it = document.createElement('li')
  const [word, spelled] = [document.createElement('b'), document.createElement('span')]
  word.textContent = part
  spelled.textContent = spell(part)
  it.append(word, ' ', spelled)
  return it
}

/** velvet: V E L V E T · 47: four, seven · P4ss: capital P, four, small s, small s */
function spell(part) {
  if (/^[a-z]+$/.test(part)) return [...part.toUpperCase()].join(' ')
  return [...part].map(name).join(', ')
}

function name(character) {
  if (/\d/.test(character)) return DIGITS[character]
  if (character !== character.toLowerCase()) return `capital ${character}`
  if (character !== character.toUpperCase()) return `small ${character}`
  return SIGNS[character] ?? character
}

/** The lines of the message, with the words as they are: only the text around them is tidied. */
function write(place, words) {
  const lines = [...place.children].map((line) => {
    const text = line.textContent.replace(/\s+/g, ' ').trim()
    return line.querySelector('[data-words]') ? `${text} ${words}` : text
  })
  return (place.textContent = lines.join('\n'))
}

function offer(sheet, message) {
  const [text, share] = [sheet.querySelector('[data-sms]'), sheet.querySelector('[data-share]')]
  // “?&body=” is what both iOS and Android read.
  if (text) text.href = `sms:${text.dataset.sms}?&body=${encodeURIComponent(message)}`
  share.hidden = !navigator.share
  share.addEventListener('click', () => navigator.share({ text: message }).catch(() => {}))
  sheet.querySelector('[data-print]').addEventListener('click', () => print())
}
