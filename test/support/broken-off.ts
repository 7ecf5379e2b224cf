import { randomBytes } from 'node:crypto'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Who sends something broken: the cookies of a session, and the token of its forms. */
export interface Sender {
  cookie: string
  token: string
}

const boundary = 'x'
const field = (name: string, value: string) =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const partHeader = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n`
const csv = 'name,email,phone,team\r\n' + 'Sam Field,sam@firm.test,0170 1234567,North\r\n'.repeat(5_000)
const whole = 4_000_000

/** A connection that is watched, and whose faults are nobody's. */
class Connection {
  readonly #socket: net.Socket
  readonly closed: Promise<void>
  received = 0

  constructor(port: number, { reads = true } = {}) {
    this.#socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    this.#socket.on('error', () => {})
    this.closed = new Promise((resolve, reject) => {
      const overdue = setTimeout(() => reject(new Error('The server did not end a connection')), 60_000)
      this.#socket.once('close', () => resolve(clearTimeout(overdue)))
    })
    if (!reads) return
    this.#socket.on('data', (chunk) => (this.received += chunk.length))
    this.#socket.on('end', () => this.#socket.end())
  }

  /** Resolves once the system took it all, or the connection is gone. */
  send(bytes: string | Buffer) {
    return new Promise<void>((resolve) => {
      this.closed.then(resolve, resolve)
      this.#socket.write(bytes, () => resolve())
    })
  }
  pause = () => this.#socket.pause()
  resume = () => this.#socket.resume()
  end = () => this.#socket.end()
  reset = () => this.#socket.resetAndDestroy()

  /** Waits until so much came, or nothing more will. */
  async waitFor(bytes: number) {
    while (this.received < bytes && !this.#socket.closed) await sleep(5)
  }
}

/** The kinds of what breaks off. Each resolves when its connection is gone. With `stays` it waits for the server to end it. */
export type Kind = (who: { admin: Sender; auditor: Sender; turn: number; stays?: boolean }) => Promise<void>

/** Ten of them, on a server at a port. */
export function kindsAt(port: number): Record<string, Kind> {
  const head = (line: string, ...lines: string[]) =>
    [`${line} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...lines, '\r\n'].join('\r\n')
  const uploadHead = ({ cookie }: Sender, length: string, named = boundary) =>
    head(
      'POST /fieldworkers/import',
      `Cookie: ${cookie}`,
      `Content-Type: multipart/form-data; boundary=${named}`,
      length,
    )
  const begun = ({ token }: Sender) => field('_csrf', token) + partHeader
  const file = (who: Sender) => `${begun(who)}Content-Type: text/csv\r\n\r\n${csv}`

  /** Sends, lets the server work on it for a moment, and is gone in one of two ways; or stays. */
  async function left(bytes: string, { turn, stays }: { turn: number; stays?: boolean }) {
    const connection = new Connection(port)
    await connection.send(bytes)
    if (!stays) {
      await sleep(turn % 50)
      if (turn % 2 === 0) connection.reset()
      else connection.end()
    }
    await connection.closed
  }

  /** Every other one says that this was all of it, so that what is missing is the boundary at its end. */
  const cut = (who: Sender, body: string, how: { turn: number; stays?: boolean }) =>
    left(uploadHead(who, `Content-Length: ${how.turn % 4 < 2 ? body.length : whole}`) + body, how)

  async function taken(path: string, { cookie }: Sender, take: (connection: Connection) => Promise<void>) {
    const connection = new Connection(port)
    await connection.send(head(`GET ${path}`, `Cookie: ${cookie}`))
    await take(connection)
    connection.reset()
    await connection.closed
  }

  const opening = [
    () => '',
    () => Buffer.concat([Buffer.from('160301020001000100', 'hex'), randomBytes(500)]), // how TLS begins
    () => 'GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ',
  ]

  return {
    'an upload cut in the header of its part': ({ admin, ...how }) => cut(admin, begun(admin), how),
    'an upload cut in its file': ({ admin, ...how }) => cut(admin, file(admin), how),
    'an upload with another boundary than it names': ({ admin, ...how }) =>
      left(uploadHead(admin, `Content-Length: ${file(admin).length}`, 'y') + file(admin), how),
    'an upload that says it is longer, and falls silent': ({ admin, ...how }) => {
      const body = `${file(admin)}\r\n--${boundary}--\r\n`
      return left(uploadHead(admin, `Content-Length: ${body.length + 1}`) + body, how)
    },
    'an upload cut in a chunk': ({ admin, ...how }) =>
      left(uploadHead(admin, 'Transfer-Encoding: chunked') + `fffff\r\n${file(admin)}`, how),
    'an upload reset right after its headers': async ({ admin }) => {
      const connection = new Connection(port)
      await connection.send(uploadHead(admin, `Content-Length: ${whole}`))
      connection.reset()
      await connection.closed
    },
    'a CSV of the log read slowly, then reset': ({ auditor, turn }) =>
      taken('/activity-log.csv', auditor, async (connection) => {
        for (let read = 1; read <= 3; read++) {
          await connection.waitFor(read * 20_000 + turn * 100)
          connection.pause()
          await sleep(20)
          connection.resume()
        }
      }),
    'a CSV of the log that nobody reads': async ({ auditor }) => {
      const connection = new Connection(port, { reads: false })
      await connection.send(head('GET /activity-log.csv', `Cookie: ${auditor.cookie}`))
      await sleep(200)
      connection.reset()
      await connection.closed
    },
    'an evidence pack reset on its way': ({ auditor, turn }) =>
      taken('/activity-log/evidence.zip', auditor, (connection) => connection.waitFor(1_000 + turn * 500)),
    'a connection that never comes to its request: silence, TLS, or a header without end': async ({
      turn,
      stays,
    }) => {
      const connection = new Connection(port)
      await connection.send(opening[turn % opening.length]?.() ?? '')
      if (stays) {
        const drip = setInterval(() => void connection.send('s'), 100)
        await connection.closed
        return clearInterval(drip)
      }
      await sleep(200)
      connection.reset()
      await connection.closed
    },
  }
}
