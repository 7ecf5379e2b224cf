// Makes a passphrase in the page: a few words drawn evenly from a long list, five of 7776 being 64 bits.
const WORDS = 5
let list

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-generate]')
  if (!button) return
  try {
    fill(button.form, passphrase(await words(), button.form.elements.newPassword.minLength))
  } catch {
    button.querySelector('span').textContent = 'No words arrived, try again'
  }
})

// Once the field holds something else, the words shown would mislead.
document.addEventListener('input', (event) => {
  const shown = event.target.form?.querySelector('[data-passphrase]')
  if (!shown || event.target.name !== 'newPassword') return
  const output = shown.querySelector('output')
  if (output.textContent === event.target.value) return
  output.textContent = ''
  shown.hidden = true
})

function words() {
  list ??= fetchWords().catch((error) => {
    list = undefined
    throw error
  })
  return list
}

async function fetchWords() {
  const answer = await fetch('/words.txt')
  if (!answer.ok) throw new Error(`words.txt: ${answer.status}`)
  return (await answer.text()).split('\n').filter(Boolean)
}

function passphrase(from, minLength) {
  const drawn = []
  while (drawn.length < WORDS || drawn.join(' ').length < minLength) drawn.push(from[below(from.length)])
  return drawn.join(' ')
}

/** A whole number from 0 to n - 1, each as likely: draws beyond the last full multiple of n are thrown away. */
function below(n) {
  const draw = new Uint32Array(1)
  const fair = 2 ** 32 - (2 ** 32 % n)
  do crypto.getRandomValues(draw)
  while (draw[0] >= fair)
  return draw[0] % n
}

function fill(form, phrase) {
  const shown = form.querySelector('[data-passphrase]')
  shown.hidden = false
  shown.querySelector('output').textContent = phrase
  shown.querySelector('[data-copy] span').textContent = 'Copy'
  for (const field of [form.elements.newPassword, form.elements.confirmPassword]) {
    field.value = phrase
    field.removeAttribute('aria-invalid')
    document.getElementById(`${field.id}-error`)?.remove()
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
}
