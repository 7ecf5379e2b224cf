// A part of a page that moves by itself (data-live, in milliseconds) is asked for again until it has come to its end.
// What it has to say (data-say) is read out loud beside it, every thirty seconds at most.
const sayEvery = 30_000
const first = document.querySelector('[data-live]')
const used = [':focus-visible', ':active', ':popover-open'].filter((state) =>
  CSS.supports(`selector(${state})`),
)
let said = first?.dataset.say
let saidAt = Date.now()
let soon

watch(first)

function watch(part) {
  if (!part?.dataset.live) return
  setTimeout(
    () => (document.visibilityState === 'visible' && !isInUse(part) ? renew(part) : watch(part)),
    Number(part.dataset.live),
  )
}

/** Nothing is taken away under the keyboard, a finger or an open menu. */
function isInUse(part) {
  return part.querySelector(used.join()) !== null
}

/** Not fetch: with Trusted Types required, only XMLHttpRequest turns an answer into a document. */
function renew(part) {
  const request = new XMLHttpRequest()
  request.open('GET', location.href)
  request.setRequestHeader('X-Live', '1') // so that it keeps nobody signed in
  request.responseType = 'document'
  request.onload = () => {
    if (request.status >= 500 || isInUse(part)) return watch(part)
    const fresh = request.status === 200 && request.response?.getElementById(part.id)
    if (!fresh) return location.reload() // signed out, or gone: the page says which
    part.replaceWith(document.adoptNode(fresh))
    say(fresh)
    watch(fresh)
  }
  request.onerror = () => watch(part)
  request.send()
}

function say({ id, dataset }) {
  clearTimeout(soon)
  const place = document.getElementById(`${id}-said`)
  if (!place || dataset.say === said) return
  soon = setTimeout(
    () => {
      place.textContent = said = dataset.say
      saidAt = Date.now()
    },
    Math.max(0, saidAt + sayEvery - Date.now()),
  )
}
