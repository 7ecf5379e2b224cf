import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { classify, serverAnswer } from '../../../src/platform/email/refusal.ts'
import { smtp, type Transport } from '../../../src/platform/email/transport.ts'
import { scriptedMailServer, type Stage } from '../../support/scripted-mail-server.ts'

let relay: Awaited<ReturnType<typeof scriptedMailServer>>
beforeAll(async () => {
  relay = await scriptedMailServer()
})
afterAll(() => relay.close())

const email = {
  id: '7d0f9a54-2a7e-4c1c-9a8b-0a1b2c3d4e5f',
  to_name: 'Bas Tester',
  to_address: 'bas@firm.test',
}
const written = { subject: 'Choose a new password', html: '<p>Hello</p>', text: 'Hello' }

/** Sends an email to a server that gives this answer at this stage, and gives what became of it. */
async function answered(stage: Stage, answer: string): Promise<Error> {
  relay.script = (at) => (at === stage ? answer.replaceAll('\n', '\r\n') : undefined)
  const url = stage === 'AUTH' ? relay.url.replace('smtp://', 'smtp://fieldkey:secret@') : relay.url
  const transport: Transport = smtp(url, 'fieldkey@acme.test')
  try {
    return new Error(`taken: ${await transport.send(email, written, 'Acme Field')}`)
  } catch (error) {
    return error as Error
  } finally {
    transport.close()
  }
}

/** Answers as relays word them, each with what it concerns. */
const answers: [string, [Stage, string][]][] = [
  [
    'person',
    [
      ['RCPT', '550 Usuario desconocido'],
      ['RCPT', '552 5.2.2 Quota exceeded'],
      ['RCPT', '550 User quota exceeded'],
      ['RCPT', '550 <quota.greylist@firm.test>: User unknown'],
      ['RCPT', '550 El buzón no existe'],
      ['RCPT', '550 Empfänger unbekannt'],
      ['RCPT', '550 Das Postfach existiert nicht'],
      ['RCPT', '550 Utilisateur inconnu'],
      ['RCPT', '552 Buzón lleno, cuota excedida'],
      ['RCPT', '552 Das Postfach ist voll'],
      ['RCPT', '552 Boîte aux lettres pleine'],
      ['message', '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup'],
      [
        'RCPT',
        '550 5.1.1 <bas@firm.test>: Recipient address rejected: User unknown in relay recipient table',
      ],
      ['RCPT', '550 5.1.2 Bad destination system address'],
      ['RCPT', '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup'],
      ['RCPT', '556 5.1.10 Recipient address has null MX'],
      ['RCPT', '550 5.2.1 The email account that you tried to reach is disabled'],
      ['RCPT', '552 5.2.2 Mailbox full'],
      ['message', '552 5.2.2 Over quota'],
      ['message', '550 5.2.1 Mailbox disabled, not accepting messages'],
      ['RCPT', '550 5.4.1 Recipient address rejected: Access denied. [AM0EUR02.test]'],
      ['RCPT', '550 #5.1.0 Address rejected.'],
      ['RCPT', '550 No such user here'],
      ['RCPT', '550 Unrouteable address'],
      ['RCPT', '551 User not local'],
      ['RCPT', '553 Mailbox name not allowed'],
      ['RCPT', '550 Requested action not taken: mailbox unavailable'],
      ['message', '550 Requested action not taken: mailbox unavailable'],
      ['message', '552 Requested mail action aborted: exceeded storage allocation'],
      ['RCPT', '550 Mailbox quota exceeded'],
      [
        'RCPT',
        '550-5.1.1 The email account that you tried to reach does not exist.\n550 5.1.1 Try double-checking it',
      ],
    ],
  ],
  [
    'later',
    [
      ['RCPT', '550 Greylisted, please try again later'],
      ['RCPT', '550 5.1.1 Greylisted for five minutes'],
      ['RCPT', '554 Gray listing in effect'],
      ['RCPT', '550 Please see greylisting.org, come back in 5 minutes'],
      ['RCPT', '550 temporarily deferred'],
      ['RCPT', '550 5.7.1 Temporarily deferred, come back later'],
      ['RCPT', '550 5.2.1 Mailbox temporarily disabled'],
      ['message', '554 Try again in 300 seconds'],
      ['message', '550 Please retry later'],
      ['DATA', '550 Greylisted, please try again later'],
      ['RCPT', '550 Lista gris, vuelva a intentarlo en 5 minutos'],
      ['RCPT', '550 Inténtelo de nuevo más tarde'],
      ['RCPT', '550 Bitte versuchen Sie es später erneut'],
      ['RCPT', '550 Vorübergehend nicht verfügbar'],
      ['RCPT', '550 Veuillez réessayer plus tard'],
      ['RCPT', '550 Temporairement indisponible'],
      ['RCPT', '450 4.2.0 <bas@firm.test>: Recipient address rejected: Greylisted, try again later'],
      ['RCPT', '451 4.7.1 Greylisting in action, please come back later'],
      ['RCPT', '451 4.7.1 Please try again later'],
      ['message', '451 Temporary local problem - please try later'],
      ['RCPT', '452 4.2.2 The email account that you tried to reach is over quota'],
      ['RCPT', '450 4.1.1 <bas@firm.test>: Recipient address rejected: unverified address: try again later'],
      [
        'RCPT',
        '450-4.2.1 The user you are trying to contact is receiving mail at a rate that\n450 4.2.1 prevents it',
      ],
      [
        'RCPT',
        '550-5.2.1 The user you are trying to contact is receiving mail at a rate that\n550 5.2.1 prevents it',
      ],
      ['message', '451 4.5.1 The recipient <bas@firm.test> has exceeded their message rate limit'],
    ],
  ],
  [
    'away',
    [
      ['greeting', '421 4.3.2 Service shutting down'],
      ['EHLO', '421 closing'],
      ['MAIL', '451 4.3.0 Local error in processing'],
      ['RCPT', '421 4.3.0 closing down'],
      ['message', '421 closing down'],
      ['message', '452 4.3.1 Insufficient system storage'],
    ],
  ],
  [
    'sender',
    [
      ['RCPT', '550 No RDNS entry'],
      ['RCPT', '550 No RDNS entry for 192.0.2.1'],
      ['RCPT', '550 rDNS/DNS validation failed'],
      ['RCPT', '550 5.7.25 The IP address sending this message has no PTR record'],
      ['RCPT', '550 Access denied'],
      ['RCPT', '550 Rejected'],
      ['RCPT', '550 Service unavailable'],
      ['RCPT', '550 Quota exceeded'],
      ['RCPT', '550 5.1.1 Daily sending quota exceeded'],
      ['RCPT', '550 5.2.2 Sending limit exceeded'],
      ['RCPT', '550 Cuota de envío excedida'],
      ['RCPT', '550 Ha superado el límite diario de correos'],
      ['message', '552 Límite de envío alcanzado, inténtelo más tarde'],
      ['RCPT', '550 Sendelimit überschritten'],
      ['message', '550 Ihr Tageslimit ist erreicht'],
      ['RCPT', '550 Kontingent erschöpft'],
      ['RCPT', '550 Quota dépassé'],
      ['message', '550 Limite d’envoi atteinte'],
      ['RCPT', '550 Vous avez dépassé votre limite quotidienne'],
      ['DATA', '554 5.1.1 User unknown'],
      ['DATA', '550 5.1.1 Recipient address rejected'],
      ['DATA', '554 No valid recipients'],
      ['DATA', '550 No such user here'],
      ['greeting', '554 5.3.2 relay.test does not accept mail from you'],
      ['AUTH', '535 5.7.8 Username and Password not accepted'],
      ['MAIL', '530 5.7.0 Authentication required'],
      ['MAIL', '553 5.1.8 <fieldkey@acme.test>: Sender address rejected: Domain not found'],
      ['MAIL', '550 5.1.1 Sender unknown'],
      ['MAIL', '552 5.2.2 Quota exceeded'],
      ['MAIL', '452 4.5.3 Daily message limit exceeded'],
      ['RCPT', '530 Must issue a STARTTLS command first'],
      ['RCPT', '550 5.4.5 Daily user sending quota exceeded'],
      ['message', '550 5.4.5 Daily user sending limit exceeded'],
      ['message', '550 5.1.90 Your message can’t be sent because you’ve reached your daily limit'],
      ['RCPT', '554 5.7.1 <bas@firm.test>: Relay access denied'],
      ['RCPT', '550 relay not permitted'],
      ['RCPT', '550 Sender verify failed'],
      ['RCPT', '450 4.7.1 Client host rejected: cannot find your reverse hostname'],
      ['RCPT', '554 5.7.1 <bas@firm.test>: Recipient address rejected: Sender quota exceeded'],
      ['message', '550 5.7.1 Our system has detected that this message is likely unsolicited mail'],
      ['message', '550 5.7.26 Unauthenticated email from acme.test is not accepted'],
      ['message', '554 5.7.1 Message rejected by policy'],
      ['message', '550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP'],
      ['message', '554 Message rejected: Email address is not verified.'],
      ['message', '454 Throttling failure: Daily message quota exceeded.'],
      ['message', '451 Authentication failed: Maximum credits exceeded'],
      ['message', '550 Daily quota exceeded'],
      ['message', '552 5.3.4 Message too big for system'],
      ['DATA', '554 5.5.1 Error: no valid sender'],
      ['message', '554 Transaction failed'],
    ],
  ],
  [
    'slower',
    [
      ['RCPT', '550 Demasiados mensajes'],
      ['RCPT', '550 Zu viele Nachrichten, bitte später erneut'],
      ['message', '550 Trop de messages'],
      ['greeting', '421 4.7.0 Too many concurrent SMTP connections'],
      ['MAIL', '452 4.4.5 Messages per second limit exceeded'],
      ['MAIL', '421 4.7.28 Our system has detected an unusual rate of unsolicited mail'],
      ['RCPT', '452 4.5.3 Too many recipients'],
      ['RCPT', '550 Domain acme.test has exceeded the max emails per hour (250/200 (125%)) allowed.'],
      ['message', '454 Throttling failure: Maximum sending rate exceeded.'],
      ['message', '451 4.7.500 Server busy. Please try again later from [192.0.2.1]'],
      ['message', '550 5.7.1 Too many messages, slow down'],
    ],
  ],
]

describe.each(answers)('what concerns %s', (subject, list) => {
  test.each(list)('at %s: %s (fault 19)', async (stage, answer) => {
    const error = await answered(stage, answer)
    expect([classify(error), serverAnswer(error)]).toEqual([
      subject,
      expect.stringContaining(answer.split('\n')[0] ?? ''),
    ])
  })
})

test('a server that cannot be reached is away, and an email without an address concerns its person alone (fault 19)', async () => {
  const closed = smtp('smtp://127.0.0.1:1', 'fieldkey@acme.test')
  const away = await closed.send(email, written, 'Acme Field').catch((error: unknown) => error as Error)
  relay.script = () => undefined
  const open = smtp(relay.url, 'fieldkey@acme.test')
  const unwritable = { ...email, to_address: '' }
  const bad = await open.send(unwritable, written, 'Acme Field').catch((error: unknown) => error as Error)
  for (const transport of [closed, open]) transport.close()
  expect([classify(away as Error), classify(bad as Error)]).toEqual(['away', 'person'])
})

test('what a server quotes of an email is kept without the token of its link (fault 19)', async () => {
  const token = 'Zr0cUPkUQcFzq6kS4lG2mXJdT9bVYw3hA1eN5oI7sRx'
  const error = await answered(
    'message',
    `554 5.7.1 Link https://keys.acme.test/reset-password/${token} is blocked`,
  )
  expect(serverAnswer(error)).toContain('554 5.7.1 Link https://keys.acme.test/reset-password/… is blocked')
})

test('no connection carries more than ten emails, so that Exim delivers each at once (fault 21)', async () => {
  relay.script = () => undefined
  relay.connections.length = 0
  const transport = smtp(relay.url, 'fieldkey@acme.test')
  await Promise.all(Array.from({ length: 120 }, () => transport.send(email, written, 'Acme Field')))
  transport.close()
  expect(relay.connections.reduce((sum, emails) => sum + emails, 0)).toBe(120)
  expect(Math.max(...relay.connections)).toBe(10)
})
