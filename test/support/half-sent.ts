import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'

/** A form sent except for its last byte: the server knows the sender, and waits. */
export class HalfSent {
  readonly #server: Server
  readonly #socket: Socket
  readonly #last: string

  private constructor(server: Server, socket: Socket, last: string) {
    this.#server = server
    this.#socket = socket
    this.#last = last
  }

  static async post(
    expressApp: RequestListener,
    path: string,
    cookie: string,
    fields: Record<string, string>,
  ) {
    const server = createServer(expressApp).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    const body = new URLSearchParams(fields).toString()
    const head = [
      `POST ${path} HTTP/1.1`,
      'Host: localhost',
      'Connection: close',
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${body.length}`,
      `Cookie: ${cookie}`,
    ]
    socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, -1)}`)
    return new HalfSent(server, socket, body.slice(-1))
  }

  /** Sends the rest and returns the status of the answer. */
  async finish(): Promise<number> {
    this.#socket.write(this.#last)
    let answer = ''
    for await (const chunk of this.#socket) answer += String(chunk)
    this.#server.close()
    return Number(/^HTTP\/1.1 (\d{3})/.exec(answer)?.[1])
  }
}
