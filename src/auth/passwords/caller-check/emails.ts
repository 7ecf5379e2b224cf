import { z } from 'zod'
import type { Actor, Person, RequestContext } from '../../../access/actor.ts'
import { linkLifetimeText } from '../../../company/link-lifetimes.ts'
import { formatDateTime, type EmailTemplates } from '../../../platform/email/render.ts'
import type { QueuedEmail } from '../../../platform/email/queue.ts'
import { firstName } from '../../../platform/person-names.ts'
import { spaced } from './code.ts'

/** The code is derived when the email is sent, and is stored in no row. */
export function callerCodeEmail(
  to: Person,
  { actor }: RequestContext<Actor>,
  { checkId, linkId, until }: { checkId: string; linkId: string; until: Date },
): QueuedEmail {
  const data = { name: to.name, email: to.email, by: actor.name, role: actor.role.name, until }
  return { template: 'caller_code', to, data: { ...data, callerCheckId: checkId, linkId } }
}

const CallerCode = z.object({
  name: z.string(),
  email: z.string(),
  by: z.string(),
  role: z.string(),
  until: z.coerce.date(),
})

export const callerCheckEmails: EmailTemplates = {
  caller_code(data, context) {
    const { name, email, by, role, until } = CallerCode.parse(data)
    const { company } = context
    return {
      subject: `A code for your call with ${company.name}`,
      preheader: 'Read it out only if you phoned your office.',
      heading: `Your code is ${spaced(context.code ?? '')}`,
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        `${by} of ${company.name} wants to be sure that it is you on the phone. Read the code out on this call.`,
        'Only if you phoned us. We never phone, write or message you to ask for it, and it signs nobody in.',
      ],
      details: [
        ['Asked for by', `${by}, ${role}`],
        ['Good until', formatDateTime(until, context)],
        ['Account', email],
      ],
      callout: {
        heading: 'Did you not phone your office?',
        text: 'Tell nobody the code, and select the button. The code then stops working, and your office sees it.',
      },
      button: { label: 'It was not me', href: context.link ?? '' },
      footnote: `The button works once, for ${linkLifetimeText('not_my_call')}.`,
    }
  },
}
