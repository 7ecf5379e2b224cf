import { SMTPServer } from 'smtp-server'

// A mail server on loopback, in a process of its own, that takes every letter and counts: tells its port at first, then,
// whenever it is asked, how many letters came, to how many people, and the milliseconds from the first to the last.
const receivers = new Set<string>()
let letters = 0
let first = 0
let last = 0

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  onData(stream, { envelope }, answered) {
    stream.on('end', () => {
      letters++
      last = performance.now()
      first ||= last
      for (const { address } of envelope.rcptTo) receivers.add(address)
      answered()
    })
    stream.resume()
  },
})
server.listen(0, '127.0.0.1', () => process.send?.((server.server.address() as { port: number }).port))
process.on('message', () => process.send?.({ letters, people: receivers.size, ms: last - first }))
