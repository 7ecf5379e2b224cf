// A form or button marked data-proof (in minutes) is only carried out if the password was entered that recently. Where it
// was not, the password is asked for in a dialog before the form is sent, so that nothing that was typed is lost.
import './fields.js'
import { send } from './send.js'

const place = '/confirm-password'
const margin = 30 // seconds that the way to the server may take
let provenAt = performance.timeOrigin - Number(document.body.dataset.proven ?? Infinity) * 1000
let held // the form that waits for the password
let allowed // the form that is sent next

document.addEventListener('submit', (event) => {
  const form = event.target
  const within = (event.submitter?.dataset.proof ?? form.dataset.proof) * 60
  if (form === allowed || !within || isRecent(within)) return (allowed = undefined)
  event.preventDefault()
  event.stopImmediatePropagation()
  if (held) return
  held = form
  isAllowed(within).then((yes) => {
    held = undefined
    if (!yes) return
    allowed = form
    form.requestSubmit(event.submitter)
  })
})

/** As far as this page knows; the server decides. */
function isRecent(within) {
  return Date.now() - provenAt < (within - margin) * 1000
}

/** Asks the server, since the password may have been entered in another tab. Without an answer the form is sent as it is. */
async function isAllowed(within) {
  const answer = await send('GET', place).catch(() => null)
  const confirm = confirmForm(answer?.response)
  return !confirm || Number(confirm.dataset.proven ?? Infinity) < within || askPassword(confirm)
}

export function confirmForm(page) {
  return page?.querySelector('form[data-confirm]')
}

/** Shows the form of the step-up page in a dialog; says whether the password was entered. */
export function askPassword(confirm) {
  const before = document.activeElement
  const dialog = document.createElement('dialog')
  dialog.setAttribute('aria-labelledby', 'confirm-title')
  document.body.append(dialog)
  put(dialog, confirm)
  dialog.showModal()
  dialog.querySelector('#password').focus()
  return new Promise((resolve) => {
    dialog.addEventListener('click', (event) => {
      if (!event.target.closest('[data-cancel]')) return
      event.preventDefault()
      dialog.close()
    })
    dialog.addEventListener('submit', async (event) => {
      event.preventDefault()
      event.stopPropagation()
      if (await isProven(dialog)) dialog.close('proven')
    })
    dialog.addEventListener('close', () => {
      const proven = dialog.returnValue === 'proven'
      if (proven) provenAt = Date.now()
      dialog.remove()
      before?.focus()
      resolve(proven)
    })
  })
}

function put(dialog, confirm) {
  confirm.elements.next.value = place // where it leads to shows that it worked
  confirm.querySelector('.notice.warn')?.remove() // here nothing is lost
  dialog.replaceChildren(document.adoptNode(confirm))
}

async function isProven(dialog) {
  const form = dialog.querySelector('form')
  const button = form.querySelector('.primary')
  button.disabled = true
  const answer = await send('POST', place, new URLSearchParams(new FormData(form))).catch(() => null)
  button.disabled = false
  const confirm = confirmForm(answer?.response)
  if (answer?.status === 200 && confirm) return true
  if (confirm) put(dialog, confirm)
  else if (answer?.responseURL.endsWith('/sign-in')) location.assign('/sign-in')
  else failed(form, answer?.response)
  dialog.querySelector('#password').focus()
  return false
}

/** No answer, or a refusal such as too many wrong passwords. */
function failed(form, page) {
  const notice = form.querySelector('[data-failed]')
  notice.hidden = false
  const heading = page?.querySelector('h1')
  if (!heading) return
  notice.querySelector('b').textContent = heading.textContent
  notice.querySelector('span').textContent = heading.nextElementSibling?.textContent ?? ''
}
