// The buttons of a caller check are sent by themselves, without the password beside them. The check that comes back takes
// the place of the one in the form, so that nothing that was typed is lost.
import { askPassword, confirmForm } from './proof.js'
import { send } from './send.js'
import { isSignedOut, showSignedOut } from './signed-out.js'

const own = ['_csrf', 'returnTo', 'outcome', 'code', 'reason']
let asking = false

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-caller]')
  if (!button) return
  event.preventDefault()
  if (!asking) ask(button)
})

// Enter in the code checks it. Elsewhere it saves.
document.addEventListener('keydown', (event) => {
  const check = event.target.closest('[data-caller-check]')
  if (event.key !== 'Enter' || event.target.name !== 'code' || !check) return
  event.preventDefault()
  if (!event.repeat) check.querySelector('[data-caller]').click()
})

async function ask(button) {
  asking = true
  const { form } = button
  const answer = await send('POST', button.formAction, fieldsOf(form)).catch(() => null)
  asking = false
  const fresh = answer?.response?.querySelector('[data-caller-check]')
  if (fresh) return put(form, fresh)
  const confirm = confirmForm(answer?.response)
  if (confirm) return (await askPassword(confirm)) && ask(button)
  if (isSignedOut(answer)) return showSignedOut(form)
  failed(form, answer?.response)
}

function fieldsOf(form) {
  const all = new FormData(form)
  return new URLSearchParams(own.flatMap((name) => all.getAll(name).map((value) => [name, value])))
}

function put(form, fresh) {
  form.querySelector('[data-caller-check]').replaceWith(document.adoptNode(fresh))
  const next = fresh.querySelector('[name=code], [data-caller]') ?? form.querySelector('footer .primary')
  next.focus()
}

/** No answer, or a refusal such as too many codes. */
function failed(form, page) {
  const notice = form.querySelector('[data-caller-failed]')
  const heading = page?.querySelector('main h1')
  const why = heading && `${heading.textContent}. ${heading.nextElementSibling?.textContent ?? ''}`
  notice.querySelector('span').textContent = why ?? 'The server did not answer. Try again.'
  notice.hidden = false
}
