import { simpleParser, type ParsedMail } from 'mailparser'
import { SMTPServer } from 'smtp-server'

export interface Mailbox {
  url: string
  mails: ParsedMail[]
  /** Answers that the server gives to the next letters instead of taking them. */
  refusals: string[]
  close(): Promise<void>
}

/** A real mail server on loopback that keeps what it is sent. */
export async function openMailbox(onPort = 0): Promise<Mailbox> {
  const mails: ParsedMail[] = []
  const refusals: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, _session, answered) {
      simpleParser(stream).then((mail) => {
        const refusal = refusals.shift()
        if (refusal !== undefined) return answered(Object.assign(new Error(refusal), { responseCode: 451 }))
        mails.push(mail)
        answered()
      }, answered)
    },
  })
  await new Promise<void>((resolve) => server.listen(onPort, '127.0.0.1', resolve))
  const { port } = server.server.address() as { port: number }
  const close = () => new Promise<void>((resolve) => server.close(resolve))
  return { url: `smtp://127.0.0.1:${port}`, mails, refusals, close }
}
