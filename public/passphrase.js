// Draws a passphrase in the page: four short words and two digits, evenly from a list of 2,062 words; 50 bits.
const WORDS = 4
const FEWEST = 2048
let list

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-generate]')
  if (!button) return
  if (await draw(button.form)) button.form.querySelector('footer .primary').focus() // so that Enter saves, and draws no other
})

// Once the field holds something else, the words shown would mislead.
document.addEventListener('input', (event) => {
  const output = event.target.form?.querySelector('[data-passphrase] output')
  if (!output || event.target.name !== 'newPassword' || output.textContent === event.target.value) return
  tell(output, '', 'Your own password.')
})

/** Fills in a form that draws at once; says whether it did. */
export function drawAtOnce(form) {
  return form?.hasAttribute('data-draws') && draw(form, true)
}

async function draw(form, unlessTyped = false) {
  const output = form.querySelector('[data-passphrase] output')
  const { newPassword } = form.elements
  try {
    const phrase = passphrase(await words(), newPassword.minLength)
    if (unlessTyped && newPassword.value) return false
    tell(output, phrase, 'Strong. Shown again after you save.')
    fill(form, phrase)
    return true
  } catch {
    tell(output, '', 'No words arrived. Try again, or type a password.')
    return false
  }
}

function words() {
  list ??= fetchWords().catch((error) => {
    list = undefined
    throw error
  })
  return list
}

async function fetchWords() {
  const answer = await fetch('/words.txt')
  const words = answer.ok ? (await answer.text()).split('\n').filter(Boolean) : []
  if (words.length < FEWEST) throw new Error(`words.txt: ${answer.status}, ${words.length} words`)
  return words
}

function passphrase(from, minLength) {
  const drawn = []
  while (drawn.length < WORDS || [...drawn, 10].join(' ').length < minLength)
    drawn.push(from[below(from.length)])
  return [...drawn, 10 + below(90)].join(' ')
}

/** A whole number from 0 to n - 1, each as likely: draws beyond the last full multiple of n are thrown away. */
function below(n) {
  const draw = new Uint32Array(1)
  const fair = 2 ** 32 - (2 ** 32 % n)
  do crypto.getRandomValues(draw)
  while (draw[0] >= fair)
  return draw[0] % n
}

function tell(output, phrase, words) {
  output.textContent = phrase
  output.nextElementSibling.textContent = words
}

function fill(form, phrase) {
  for (const field of [form.elements.newPassword, form.elements.confirmPassword]) {
    field.value = phrase
    field.removeAttribute('aria-invalid')
    document.getElementById(`${field.id}-error`)?.remove()
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
}
