// “g t”, “g f” and “g l” lead to pages, “?” shows the list of keys. None counts while somebody types, in a dialog, or where
// they are switched off, as speech input needs. (WCAG 2.1.4)
import { areShortcutsOn, isTyping, switchShortcuts } from './shortcut-keys.js'

const WITHIN = 1500 // milliseconds from “g” to the next key
const list = document.querySelector('template#shortcuts')
const opener = document.querySelector('[data-shortcuts]')
let pressedG = 0

opener.hidden = false
opener.addEventListener('click', show)

document.addEventListener('keydown', (event) => {
  const { key, ctrlKey, metaKey, altKey, isComposing, repeat, target } = event
  if (ctrlKey || metaKey || altKey || isComposing || repeat || !areShortcutsOn()) return
  if (isTyping(target) || document.querySelector('dialog[open]')) return
  const place =
    event.timeStamp - pressedG < WITHIN && list.content.querySelector(`[data-key="${CSS.escape(key)}"]`)
  pressedG = key === 'g' ? event.timeStamp : 0
  if (key !== '?' && !place) return
  event.preventDefault()
  if (place) location.assign(place.href)
  else show()
})

function show() {
  const dialog = list.content.firstElementChild.cloneNode(true)
  const button = dialog.querySelector('[data-shortcuts-on]')
  button.ariaChecked = areShortcutsOn()
  button.addEventListener('click', () => {
    switchShortcuts(!areShortcutsOn())
    button.ariaChecked = areShortcutsOn()
  })
  dialog.addEventListener('close', () => dialog.remove())
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog || target.closest('[data-close]')) dialog.close()
  })
  document.body.append(dialog)
  dialog.showModal()
}
