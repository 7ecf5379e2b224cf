// A part of a page that moves by itself (data-live, in milliseconds) is asked for again until it has come to its end.
watch(document.querySelector('[data-live]'))

function watch(part) {
  if (!part?.dataset.live) return
  setTimeout(
    () => (document.visibilityState === 'visible' ? renew(part) : watch(part)),
    Number(part.dataset.live),
  )
}

/** Not fetch: with Trusted Types required, only XMLHttpRequest turns an answer into a document. */
function renew(part) {
  const request = new XMLHttpRequest()
  request.open('GET', location.href)
  request.responseType = 'document'
  request.onload = () => {
    const fresh = request.status === 200 && request.response?.getElementById(part.id)
    if (!fresh) return location.reload() // signed out, or gone: the page says which
    part.replaceWith(document.adoptNode(fresh))
    watch(fresh)
  }
  request.onerror = () => watch(part)
  request.send()
}
