// A link marked data-dialog opens the sheet of its page in a dialog, and the sheet is sent from there.
// Whatever comes back in place of a sheet is shown as the page it is. A sheet that draws a password is sent the same way
// from its own page: only so does it keep what was typed.
// What a sheet may hold, the page under it may not.
import './fields.js'
import './caller-check.js'
import { drawAtOnce } from './passphrase.js'
import './strength.js'
// Before the listener below: a form that asks for a recent password is held up there first.
import { handOver, takePassword } from './hand-over.js'
import { askPassword, confirmForm } from './proof.js'
import { send } from './send.js'
import { isSignedOut, showSignedOut } from './signed-out.js'

let opening = false

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-dialog]')
  if (link && isPlain(event)) {
    event.preventDefault()
    open(link)
  }
  const dialog = event.target.closest('dialog')
  if (dialog && event.target.closest('[data-close], [data-cancel]') && isPlain(event)) {
    event.preventDefault()
    dialog.close()
  }
})

document.addEventListener('submit', (event) => {
  const form = event.target
  if (!form.closest('dialog') && !form.matches('[data-draws]')) return
  event.preventDefault()
  post(form)
})

// Opened with Enter, and Enter still held: nothing is saved before it was seen.
document.addEventListener('keydown', (event) => {
  if (event.repeat && event.key === 'Enter' && event.target.closest('dialog')) event.preventDefault()
})

start(document.querySelector('main [data-draws]'))

function isPlain(event) {
  return event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
}

async function open(link) {
  if (opening) return
  opening = true
  const answer = await send('GET', link.href).catch(() => null)
  opening = false
  const sheet = answer?.status === 200 && sheetOf(answer.response)
  if (sheet) return show(sheet, link)
  const confirm = confirmForm(answer?.response)
  if (!confirm) return location.assign(link.href)
  if (await askPassword(confirm)) open(link)
}

function show(sheet, link) {
  const menu = link.closest('[popover]')
  const opener = menu ? document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`) : link
  const dialog = document.createElement('dialog')
  const title = document.title
  dialog.setAttribute('aria-labelledby', sheet.getAttribute('aria-labelledby'))
  dialog.append(document.adoptNode(sheet))
  dialog.addEventListener('close', () => {
    dialog.remove()
    document.title = title
    opener.focus()
  })
  document.body.append(dialog)
  if (menu?.matches(':popover-open')) menu.hidePopover()
  dialog.showModal()
  start(sheet)
}

/** What was drawn needs only to be saved. */
async function start(form) {
  if (await drawAtOnce(form)) form.querySelector('footer .primary').focus()
  else if (form) focusField(form)
}

async function post(form) {
  const button = form.querySelector('footer .primary')
  const fields = new URLSearchParams(new FormData(form))
  for (const notice of form.querySelectorAll('[role=alert]')) notice.hidden = true
  button.disabled = true
  const answer = await send('POST', form.getAttribute('action'), fields).catch(() => null)
  button.disabled = false
  const sheet = answer?.status === 422 && sheetOf(answer.response)
  if (sheet) return again(answer.response.title, sheet, form)
  const confirm = confirmForm(answer?.response)
  if (confirm) return (await askPassword(confirm)) && post(form) // nothing was done yet
  if (isSignedOut(answer)) return showSignedOut(form)
  if (answer?.response?.body) return finish(form, answer)
  form.querySelector('[data-unreachable]').hidden = false
  button.focus()
}

function again(title, sheet, form) {
  document.title = title // which begins with “Error: ”
  keepTyped(form, sheet)
  form.replaceWith(document.adoptNode(sheet))
  focusField(sheet)
}

/** The server never sends a password back. What was typed stays all the same, with what is wrong beside it. */
function keepTyped(form, sheet) {
  for (const name of ['newPassword', 'confirmPassword'])
    if (form.elements[name] && sheet.elements[name]) sheet.elements[name].value = form.elements[name].value
  sheet.toggleAttribute('data-draws', form.matches('[data-draws]')) // it is sent from here again
  const shown = form.querySelector('[data-passphrase]')
  if (shown) sheet.querySelector('[data-passphrase]')?.replaceWith(shown)
}

/** A form that was carried out leads to the page that it names. */
function finish(form, answer) {
  const wanted = new URL(form.elements.returnTo?.value ?? '', location.href).href
  const secret = answer.status === 200 && answer.responseURL === wanted ? takePassword(form) : undefined
  takeOver(answer)
  if (secret) handOver(secret)
}

function takeOver(answer) {
  const page = answer.response
  if (answer.responseURL !== location.href) history.replaceState(null, '', answer.responseURL)
  document.title = page.title
  document.body.replaceWith(document.adoptNode(page.body))
  scrollTo(0, 0)
  const news = document.querySelector('main [role=status], main [role=alert], main h1')
  news.tabIndex = -1
  news.focus()
}

function focusField(form) {
  const field =
    form.querySelector('[aria-invalid=true]') ??
    form.querySelector('input:not([type=hidden], [type=radio]), textarea')
  field?.focus()
}

function sheetOf(page) {
  return page?.querySelector('form[data-sheet]')
}
