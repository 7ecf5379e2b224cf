// A form or button marked data-proof (in minutes) is only carried out if the password was entered that recently. The server
// is asked before each is sent: the password may have been entered, changed or expired elsewhere since the page was opened.
// Where it is needed it is asked for in a dialog, so that nothing that was typed is lost.
import './fields.js'
import { send } from './send.js'
import { isSignedOut, showSignedOut } from './signed-out.js'

const place = '/confirm-password'
const margin = 30 // seconds that the way to the server may take
let held // the form that waits for the answer
let allowed // the form that is sent next

document.addEventListener('submit', (event) => {
  const form = event.target
  const { submitter } = event
  const within = (submitter?.dataset.proof ?? form.dataset.proof) * 60
  if (form === allowed || !within) return (allowed = undefined)
  event.preventDefault()
  event.stopImmediatePropagation()
  if (held) return
  held = form
  isAllowed(form, within).then((yes) => {
    held = undefined
    if (!yes) return
    allowed = form
    form.requestSubmit(submitter)
  })
})

/** Without an answer the form is sent as it is. */
async function isAllowed(form, within) {
  for (;;) {
    const answer = await send('GET', place).catch(() => null)
    if (isSignedOut(answer)) return showSignedOut(form)
    const confirm = confirmForm(answer?.response)
    if (!confirm) return true
    if (Number(confirm.dataset.proven ?? Infinity) < within - margin) return renewToken(form, confirm)
    if (!(await askPassword(confirm))) return false
  }
}

/** After a new sign-in of the same person in another tab only the new session's token counts. */
function renewToken(form, confirm) {
  form.querySelector('[data-signed-out]')?.remove()
  if (confirm.dataset.person === document.body.dataset.person)
    form.elements._csrf.value = confirm.elements._csrf.value
  return true
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
      else dialog.querySelector('[data-signed-out] a, #password').focus()
    })
    dialog.addEventListener('close', () => {
      const proven = dialog.returnValue === 'proven'
      dialog.remove()
      before?.focus()
      resolve(proven)
    })
  })
}

function put(dialog, confirm) {
  confirm.elements.next.value = place // where it leads to shows that it worked
  confirm.querySelector('.notice.warn')?.remove() // here nothing is lost
  confirm.elements.unsaved?.remove()
  dialog.replaceChildren(document.adoptNode(confirm))
}

async function isProven(dialog) {
  let [answer, confirm] = await sendPassword(dialog)
  // After a new sign-in in another tab: its token, and the same password once more.
  if (answer?.status === 403 && renews(dialog.querySelector('form'), confirm))
    [answer, confirm] = await sendPassword(dialog)
  if (answer?.status === 200 && confirm) return true
  if (isSignedOut(answer)) showSignedOut(dialog.querySelector('form'))
  else if (confirm) {
    put(dialog, confirm)
    if (confirm.querySelector('[data-signed-out]')) showSignedOut(confirm)
  } else failed(dialog.querySelector('form'), answer?.response)
  return false
}

async function sendPassword(dialog) {
  const form = dialog.querySelector('form')
  const button = form.querySelector('.primary')
  button.disabled = true
  const answer = await send('POST', place, new URLSearchParams(new FormData(form))).catch(() => null)
  button.disabled = false
  return [answer, confirmForm(answer?.response)]
}

function renews(form, confirm) {
  if (!confirm || confirm.dataset.person !== form.dataset.person) return false
  form.elements._csrf.value = confirm.elements._csrf.value
  return true
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
