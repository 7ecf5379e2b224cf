import { createServer, type Socket } from 'node:net'

export type Stage = 'greeting' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'message'

/** The server's answer at a stage, or undefined for the usual one; `to` is the recipient, if known. */
export type Script = (stage: Stage, to: string, connection: Connection) => string | undefined
interface Connection {
  nth: number
  /** How many emails it has delivered. */
  taken: number
}

const usual: Record<Stage, string> = {
  ...{
    greeting: '220 relay.test ESMTP',
    EHLO: '250-relay.test\r\n250 AUTH PLAIN',
    AUTH: '235 2.7.0 Welcome',
  },
  ...{ MAIL: '250 2.1.0 Ok', RCPT: '250 2.1.5 Ok', DATA: '354 Go on', message: '250 2.0.0 Queued' },
}

/** A mail server on loopback with scripted answers, the greeting included. */
export async function scriptedMailServer(script: Script = () => undefined) {
  const relay = { script, accepted: [] as string[], connections: [] as number[] }
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const nth = relay.connections.push(0) - 1
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)))
    const connection: Connection = { nth, taken: 0 }
    let [to, inMessage, rest] = ['', false, '']
    const say = (stage: Stage) => {
      const answer = relay.script(stage, to, connection) ?? usual[stage]
      socket.write(`${answer}\r\n`)
      if (answer.startsWith('421') || (stage === 'greeting' && answer !== usual.greeting)) socket.end()
      return answer === usual[stage]
    }
    say('greeting')
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (inMessage) {
          if (line !== '.') continue
          inMessage = false
          relay.connections[nth] = (relay.connections[nth] ?? 0) + 1
          if (!say('message')) continue
          connection.taken++
          relay.accepted.push(to)
          continue
        }
        const verb = line.slice(0, 4).toUpperCase()
        if (verb === 'RCPT') to = /<(.*?)>/.exec(line)?.[1] ?? ''
        if (verb === 'MAIL') to = ''
        if (verb === 'DATA') inMessage = say('DATA')
        else if (verb === 'EHLO' || verb === 'AUTH' || verb === 'MAIL' || verb === 'RCPT') say(verb)
        else if (verb === 'QUIT') socket.end('221 Bye\r\n')
        else socket.write('250 Ok\r\n')
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return Object.assign(relay, {
    url: `smtp://127.0.0.1:${port}`,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  })
}
