import { createServer, type AddressInfo, type Socket } from 'node:net'

// A mail server on loopback, in a process of its own, that takes every email, keeps none and does no more than the talk
// needs, since it is not what is measured. Tells its port at first; then, whenever it is asked, how many emails came,
// to how many people, and the milliseconds from the first to the last; and starts counting again.
let receivers = new Set<string>()
let emails = 0
let first = 0
let last = 0

const server = createServer(talk).listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port)
})
process.on('message', () => {
  process.send?.({ emails, people: receivers.size, ms: last - first })
  receivers = new Set()
  emails = first = last = 0
})

function talk(socket: Socket) {
  let heard = ''
  let end = '\r\n'
  socket.setEncoding('latin1').setNoDelay()
  socket.on('error', () => {}) // a sender that is killed
  socket.on('data', (chunk: string) => {
    heard += chunk
    for (let at = heard.indexOf(end); at >= 0; at = heard.indexOf(end)) {
      const said = heard.slice(0, at)
      heard = heard.slice(at + end.length)
      socket.write(`${end === '\r\n' ? answerTo(said) : taken()}\r\n`)
      end = said === 'DATA' && end === '\r\n' ? '\r\n.\r\n' : '\r\n'
      if (said === 'QUIT') socket.end()
    }
  })
  socket.write('220 sink\r\n')
}

function answerTo(said: string): string {
  if (said === 'DATA') return '354 go on'
  if (said === 'QUIT') return '221 bye'
  const to = /^RCPT TO:<([^>]+)>/.exec(said)?.[1]
  if (to !== undefined) receivers.add(to)
  return '250 ok'
}

function taken(): string {
  emails++
  last = performance.now()
  first ||= last
  return '250 taken'
}
