// Shows people under a search while somebody types, and leads to them by key. “/” goes to the search from any page.
// Without it the form opens the list of all who match.
import { toHit } from './hit.js'
import { areShortcutsOn, isTyping } from './shortcut-keys.js'

/** What a field last asked for, and the answer to it. */
const asked = new WeakMap()
/** Fields whose hits were put away, until more is typed. */
const dismissed = new WeakSet()

document.addEventListener('input', ({ target }) => {
  if (!isField(target)) return
  dismissed.delete(target)
  setTimeout(show, 60, target)
})

document.addEventListener('focusin', ({ target }) => {
  if (isField(target)) announceHits(target)
})

document.addEventListener('focusout', ({ target, relatedTarget }) => {
  const finder = target.closest('.finder')
  if (finder && !finder.contains(relatedTarget)) close(fieldOf(finder))
})

document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
  if (isField(event.target)) press(event)
  else if (
    event.key === '/' &&
    areShortcutsOn() &&
    !isTyping(event.target) &&
    !document.querySelector('dialog[open]')
  ) {
    event.preventDefault()
    find()
  }
})

document.addEventListener('click', (event) => {
  if (
    !event.target.closest('[data-find]') ||
    event.button !== 0 ||
    event.ctrlKey ||
    event.metaKey ||
    event.shiftKey
  )
    return
  event.preventDefault()
  find()
})

for (const field of document.querySelectorAll('main .finder input[type=search]')) becomeCombobox(field)
if (document.activeElement.matches('.finder input')) announceHits(document.activeElement)

const isField = (element) => element.matches('.finder input[type=search]')
const fieldOf = (finder) => finder.querySelector('input[type=search]')
const popupOf = (field) => field.closest('.finder').querySelector('.hits')
const optionsOf = (field) => [...popupOf(field).querySelectorAll('[role=option]')]
const selectedOf = (field) => optionsOf(field).find((option) => option.ariaSelected === 'true')
const isOpen = (field) => !popupOf(field).hidden

/** Goes to the search of the page, or to one in a dialog. */
function find() {
  const field = document.querySelector('main .finder input[type=search]')
  if (field) {
    field.focus()
    return field.select()
  }
  const dialog = document.querySelector('template#find')?.content.firstElementChild.cloneNode(true)
  if (!dialog) return
  document.body.append(dialog)
  dialog.addEventListener('close', () => dialog.remove())
  dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close())
  dialog.showModal()
}

function becomeCombobox(field) {
  if (field.getAttribute('role') === 'combobox') return
  field.setAttribute('role', 'combobox')
  field.setAttribute('aria-autocomplete', 'list')
  field.setAttribute('aria-controls', field.dataset.hits)
  field.ariaExpanded = 'false'
  field.closest('.finder').querySelector('[data-keys]').hidden = false
}

/** Only the field in use speaks, so that a page has no more to say than it did. */
function announceHits(field) {
  becomeCombobox(field)
  field.closest('.finder').querySelector('[data-status]').role = 'status'
}

async function press(event) {
  const { key, target: field } = event
  const step = { ArrowDown: 1, ArrowUp: -1 }[key]
  if (step) {
    event.preventDefault()
    dismissed.delete(field)
    await show(field)
    move(field, step)
  } else if (key === 'Escape' && (isOpen(field) || field.closest('dialog'))) {
    event.preventDefault() // browsers would empty the field
    dismissed.add(field)
    close(field)
    field.closest('dialog')?.close()
  } else if (key === 'Escape' && field.value === '') {
    field.blur() // so that the other keys count
  } else if (key === 'Enter' && field.value.trim() !== '') {
    event.preventDefault()
    await show(field)
    choose(field, event.shiftKey)
  }
}

/** Opens the selected hit or the only one; otherwise the list of all. */
function choose(field, wantsPassword) {
  const options = isOpen(field) ? optionsOf(field) : []
  const option = options.length === 1 ? options[0] : options.find((one) => one === selectedOf(field))
  const key = option?.nextElementSibling
  if (option) location.assign((wantsPassword && key?.href) || option.href)
  else if (!wantsPassword) field.form.requestSubmit()
}

function move(field, step) {
  const options = optionsOf(field)
  if (options.length === 0) return
  const at = options.indexOf(selectedOf(field))
  select(field, options.at(at < 0 ? Math.min(step, 0) : (at + step) % options.length))
}

function select(field, chosen) {
  for (const option of optionsOf(field)) option.ariaSelected = String(option === chosen)
  if (chosen) field.setAttribute('aria-activedescendant', chosen.id)
  else field.removeAttribute('aria-activedescendant')
  chosen?.scrollIntoView({ block: 'nearest' })
}

function close(field) {
  popupOf(field).hidden = true
  field.ariaExpanded = 'false'
  select(field, undefined)
}

/** Shows the hits for what the field holds, once they are there; an answer for an earlier text is left out. */
async function show(field) {
  const typed = field.value.trim()
  if (asked.get(field)?.typed !== typed) asked.set(field, { typed, answer: ask(typed) })
  const answer = await asked.get(field).answer
  if (typed !== field.value.trim() || document.activeElement !== field || dismissed.has(field)) return
  if (!answer) return close(field)
  if (isOpen(field) && asked.get(field).shown) return
  asked.get(field).shown = true
  fill(field, answer)
}

async function ask(typed) {
  if (typed === '') return undefined
  const answer = await fetch(`/people.json?q=${encodeURIComponent(typed)}`).catch(() => undefined)
  if (!answer?.ok || answer.redirected) return undefined
  return { typed, total: answer.headers.get('x-total-count'), people: (await answer.json()).people }
}

function fill(field, { typed, total, people }) {
  const finder = field.closest('.finder')
  const popup = popupOf(field)
  const hits = people.map((person, at) => toHit(finder, person, typed, `${field.dataset.hits}-${at}`))
  popup.querySelector('ul').replaceChildren(...hits)
  const all = popup.querySelector('.keys a')
  all.href = `${all.pathname}?q=${encodeURIComponent(typed)}`
  all.textContent = `All ${total} in the list`
  all.hidden = people.length < 2
  popup.hidden = false
  field.ariaExpanded = String(people.length > 0)
  select(field, people.length === 1 ? optionsOf(field)[0] : undefined)
  const found = people.length === 1 ? '1 person found' : `${total} people found`
  finder.querySelector('[data-status]').textContent =
    people.length > 0 ? found : popup.querySelector('.nobody').textContent.trim()
}
