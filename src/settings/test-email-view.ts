import type { Person } from '../access/actor.ts'
import type { Db } from '../platform/db.ts'
import { deliveryText } from '../platform/email/failure-texts.ts'
import { selectOptionalNewestEmail, type EmailStatus } from '../platform/email/queries.ts'
import { inSentence } from '../platform/web/dates.ts'

/** What became of a test email. */
export interface TestEmailView {
  kind: 'ok' | 'warn' | 'bad'
  title: string
  text: string
  /** The page asks again by itself. */
  waits: boolean
}

/** The newest test email to a person, with the words of the mail server. */
export async function newestTestEmail(db: Db, to: Person, timeZone: string): Promise<TestEmailView | null> {
  const email = await selectOptionalNewestEmail(db, to.id, 'test_email')
  return email ? toView(email, inSentence(email.created_at, timeZone)) : null
}

/** After that long nobody waits for it in front of the page. */
const watchedFor = 10 * 60_000

function toView(email: EmailStatus, at: string): TestEmailView {
  const answer = deliveryText(email)
  const said = answer ? `The answer was: “${answer}”.` : ''
  if (email.status === 'sent')
    return {
      kind: 'ok',
      title: `The test email of ${at} was sent`,
      text: `${said} Not in your inbox? Look in spam or junk.`.trim(),
      waits: false,
    }
  if (email.status === 'failed')
    return { kind: 'bad', title: `The test email of ${at} failed`, text: said, waits: false }
  return {
    kind: 'warn',
    title: `The test email of ${at} is on its way`,
    text: said ? `Not taken yet. ${said} It is tried again.` : 'The mail server has not answered yet.',
    waits: Date.now() - email.created_at.getTime() < watchedFor,
  }
}
