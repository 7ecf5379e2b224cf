import { simpleParser, type ParsedMail } from 'mailparser'
import { setTimeout } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'

export interface Mailbox {
  url: string
  mails: ParsedMail[]
  /** Answers that the server gives to the next emails instead of accepting them. */
  refusals: string[]
  /** Milliseconds before it answers each email. */
  pause: number
  /** Returns the server's answer to an email by recipient and number, or undefined to accept it. */
  judge?: (to: string, before: number) => { code: number; words: string } | undefined
  close(): Promise<void>
}

/** A real mail server on loopback that keeps the emails it receives. */
export async function openMailbox(onPort = 0): Promise<Mailbox> {
  const box: Omit<Mailbox, 'url' | 'close'> = { mails: [], refusals: [], pause: 0 }
  let asked = 0
  const server = new SMTPServer({
    closeTimeout: 500,
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    async onData(stream, { envelope }, answered) {
      const mail = await simpleParser(stream).catch(() => undefined)
      if (!mail) return // who sent it hung up half-way
      if (box.pause > 0) await setTimeout(box.pause)
      const refusal = box.refusals.shift()
      if (refusal !== undefined) return answered(Object.assign(new Error(refusal), { responseCode: 451 }))
      const verdict = box.judge?.(envelope.rcptTo[0]?.address ?? '', asked++)
      if (verdict) return answered(Object.assign(new Error(verdict.words), { responseCode: verdict.code }))
      box.mails.push(mail)
      answered()
    },
  })
  server.on('error', () => {}) // a sender that is killed breaks its connection off
  await new Promise<void>((resolve) => server.listen(onPort, '127.0.0.1', resolve))
  const { port } = server.server.address() as { port: number }
  const close = () => new Promise<void>((resolve) => server.close(resolve))
  return Object.assign(box, { url: `smtp://127.0.0.1:${port}`, close })
}
