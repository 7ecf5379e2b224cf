import net from 'node:net'

export interface RawAnswer {
  /** 0 if the connection ended without an answer. */
  status: number
  head: string
  body: string
}

const patience = 10_000

/** Sends raw bytes and resolves with the first complete answer; bytes not sent by then are dropped. */
export function rawRequest(port: number, ...bytes: (string | Buffer)[]): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1')
    let received = ''
    const settle = () => {
      socket.destroy()
      resolve(answerIn(received))
    }
    socket.setTimeout(patience, () => {
      socket.destroy()
      reject(new Error(`No answer to ${String(bytes[0]).split('\r\n')[0]}`))
    })
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      received += chunk
      if (isWhole(received)) settle()
    })
    socket.on('error', settle)
    socket.on('close', settle)
    for (const part of bytes) socket.write(part)
  })
}

function answerIn(received: string): RawAnswer {
  const [head = '', ...rest] = received.split('\r\n\r\n')
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0), head, body: rest.join('\r\n\r\n') }
}

function isWhole(received: string): boolean {
  const { head, body } = answerIn(received)
  if (!received.includes('\r\n\r\n')) return false
  const length = /^content-length: (\d+)/im.exec(head)?.[1]
  return length === undefined
    ? !/chunked/i.test(head) || body.endsWith('0\r\n\r\n')
    : body.length >= Number(length)
}
