import net from 'node:net'
import { once } from 'node:events'

/** What is sent on a connection, and the status that is answered. */
export interface Sent {
  method: 'GET' | 'POST'
  path: string
  headers: Record<string, string>
  body?: string
}

/**
 * A connection that sends one request after the other and reads of the answer its status and its length. It takes
 * little of the processor that the server needs too: Node's own client takes as much for a page as a bare server.
 */
export class Connection {
  readonly #address: URL
  #socket: net.Socket | undefined

  constructor(address: string) {
    this.#address = new URL(address)
  }

  async send(request: Sent): Promise<number> {
    this.#socket ??= await this.#connect()
    this.#socket.write(this.#textOf(request))
    const { status, last } = await answerOf(this.#socket)
    if (last) this.close()
    return status
  }

  close() {
    this.#socket?.destroy()
    this.#socket = undefined
  }

  async #connect() {
    const socket = net.connect(Number(this.#address.port), this.#address.hostname)
    await once(socket, 'connect')
    return socket.setNoDelay(true)
  }

  #textOf({ method, path, headers, body = '' }: Sent): string {
    const length = body && { 'content-length': String(Buffer.byteLength(body)) }
    const lines = Object.entries({ host: this.#address.host, ...headers, ...length })
    return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
  }
}

const headEnd = Buffer.from('\r\n\r\n')
/** Only redirects come in chunks here, and they have no body. */
const emptyChunked = '0\r\n\r\n'.length

/** Reads one whole answer; `last` says that the server closes the connection after it. */
function answerOf(socket: net.Socket): Promise<{ status: number; last: boolean }> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0)
    let left = -1 // bytes of the body that are still to come, once the head is read
    let answer = { status: 0, last: false }
    const stop = (end: () => void) => {
      socket.removeAllListeners('data').removeAllListeners('error').removeAllListeners('close')
      end()
    }
    socket.on('error', (error) => stop(() => reject(error)))
    socket.on('close', () => stop(() => reject(new Error('The connection was closed before an answer'))))
    socket.on('data', (chunk) => {
      if (left >= 0) left -= chunk.length
      else {
        head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
        const end = head.indexOf(headEnd)
        if (end === -1) return
        const text = head.toString('latin1', 0, end)
        const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? emptyChunked)
        left = length - (head.length - end - headEnd.length)
        answer = { status: Number(text.slice(9, 12)), last: /\r\nconnection: close/i.test(text) }
      }
      if (left === 0) stop(() => resolve(answer))
    })
  })
}
