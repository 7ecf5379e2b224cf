// Brings in sw.js, which says so when there is no network. The policy lets this page start that one worker alone.
const own = '/sw.js'

if (navigator.serviceWorker) navigator.serviceWorker.register(trusted(own)).catch(() => {}) // some browsers forbid it

function trusted(address) {
  if (!window.trustedTypes) return address
  return trustedTypes.createPolicy('worker', { createScriptURL: onlyOwn }).createScriptURL(address)
}

function onlyOwn(address) {
  if (address !== own) throw new TypeError(`No worker but ${own}`)
  return address
}
