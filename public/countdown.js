// The time that is left for a code (data-countdown, in seconds), counted down. When it is over, the code is taken away.
const part = document.querySelector('[data-countdown]')
const left = part.querySelector('[data-left]')
const ends = Date.now() + part.dataset.countdown * 1000
const timer = setInterval(tick, 1000)
tick()

function tick() {
  const seconds = Math.ceil((ends - Date.now()) / 1000)
  if (seconds <= 0) return end()
  left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} left`
}

function end() {
  clearInterval(timer)
  left.textContent = '0:00 left'
  part.querySelector('svg.qr')?.remove()
  part.querySelector('[data-over]').textContent = 'This code no longer works. Make a new one.'
}
