// Shows offline.html where a page cannot be reached. It keeps the files listed here and nothing else:
// never a page, never an answer that belongs to somebody.
const keep = 'fieldkey-2' // a new name drops what older ones kept
const files = ['/offline.html', '/app.css', '/logo.svg', '/empty-hook.svg', '/fonts/public-sans-latin.woff2']

addEventListener('install', (event) => {
  skipWaiting()
  event.waitUntil(fill())
})

addEventListener('activate', (event) => event.waitUntil(dropOlder()))

addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET') return
  const { origin, pathname, search } = new URL(request.url)
  if (origin !== location.origin) return
  if (request.mode === 'navigate') event.respondWith(fetch(request).catch(() => kept('/offline.html')))
  else if (files.includes(pathname) && !search) event.respondWith(fresh(request, pathname))
})

async function fill() {
  const cache = await caches.open(keep)
  await cache.addAll(files.map((file) => new Request(file, { cache: 'reload' })))
}

async function dropOlder() {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name !== keep).map((name) => caches.delete(name)))
  await clients.claim()
}

/** From the network while there is one, so that a new release is never mixed with files of the last. */
async function fresh(request, file) {
  try {
    const answer = await fetch(request)
    if (answer.ok) await (await caches.open(keep)).put(file, answer.clone())
    return answer
  } catch {
    return kept(file)
  }
}

async function kept(file) {
  return (await caches.match(file)) ?? Response.error()
}
