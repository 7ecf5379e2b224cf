// A campaign's progress moves while somebody looks at it. What is read out loud changes at most every thirty seconds.
const card = document.querySelector('[data-progress]')
const pollEvery = 5_000
const sayEvery = 30_000
let said = Date.now()
let lastWords = ''

if (card) setInterval(() => document.visibilityState === 'visible' && update(), pollEvery)

async function update() {
  const answer = await fetch(card.dataset.progress).catch(() => null)
  if (!answer?.ok || answer.redirected) return
  const { percent, bar, words, updated } = await answer.json()
  const find = (name) => card.querySelector(`[data-${name}]`)
  find('percent').textContent = percent
  find('updated').textContent = updated
  find('words').textContent = words
  card
    .querySelector('.progress')
    .setAttribute('aria-label', bar.map((part) => `${part.count} ${part.state}`).join(', '))
  for (const { state, count, x, width } of bar) draw(state, count, x, width)
  announce(find('announce'), `${percent}% have changed their password. ${words}`)
}

function draw(state, count, x, width) {
  card.querySelector(`[data-count="${state}"]`).textContent = count
  const part = card.querySelector(`rect.f-${state}`)
  part.setAttribute('x', `${x}%`)
  part.setAttribute('width', `${width}%`)
}

function announce(place, words) {
  if (words === lastWords || Date.now() - said < sayEvery) return
  place.textContent = words
  lastWords = words
  said = Date.now()
}

// A choice that only changes what is shown is sent at once; without script a button does it.
document.addEventListener('change', ({ target }) => {
  if (target.matches('[data-send-on-change]')) target.form.requestSubmit()
})
