// Show or hide what is typed in a password field; copy a text; take away what was said of a confirmation that fits now.
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-reveal], [data-copy]')
  if (button?.matches('[data-reveal]')) reveal(button, button.getAttribute('aria-pressed') !== 'true')
  if (button?.matches('[data-copy]')) copy(button)
})

// A field sent as plain text would be remembered by the browser as a word once typed.
document.addEventListener(
  'submit',
  (event) => {
    for (const button of event.target.querySelectorAll('[data-reveal]')) reveal(button, false)
  },
  { capture: true },
)

// Once both are the same, nothing is wrong with the second any more.
document.addEventListener('input', ({ target }) => {
  const { newPassword, confirmPassword } = target.form?.elements ?? {}
  if (!confirmPassword || ![newPassword, confirmPassword].includes(target)) return
  if (confirmPassword.value === '' || confirmPassword.value !== newPassword.value) return
  confirmPassword.removeAttribute('aria-invalid')
  confirmPassword.removeAttribute('aria-describedby')
  document.getElementById('confirmPassword-error')?.remove()
})

function reveal(button, shown) {
  button.setAttribute('aria-pressed', String(shown))
  document.getElementById(button.dataset.reveal).type = shown ? 'text' : 'password'
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy)
  const words = button.querySelector('span')
  try {
    await navigator.clipboard.writeText(source.textContent)
    words.textContent = 'Copied'
  } catch {
    source.closest('details')?.setAttribute('open', '')
    getSelection().selectAllChildren(source) // no clipboard on plain http: the old way, or by hand
    words.textContent = document.execCommand('copy') ? 'Copied' : 'Selected'
  }
}
