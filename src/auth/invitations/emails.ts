import { linkLifetimeText } from '../../company/link-lifetimes.ts'
import { z } from 'zod'
import type { RequestContext, Person, Target } from '../../access/actor.ts'
import { formatDateTime, renewal, type EmailTemplates } from '../../platform/email/render.ts'
import type { QueuedEmail } from '../../platform/email/queue.ts'
import { firstName } from '../../platform/person-names.ts'

/** Names the person who invites, or nobody if the recipient asked for the email. */
export const invitationEmail = (
  to: Person,
  { actor }: RequestContext<Target | null>,
  linkId: string,
): QueuedEmail => ({
  template: 'invitation',
  to,
  data: { name: to.name, email: to.email, by: actor && `${actor.name}, ${actor.role.name}`, linkId },
})

const Invitation = z.object({ name: z.string(), email: z.string(), by: z.string().nullable() })

/** Tells the other Owners, and the person themselves if they had an account, that someone was made an Owner. */
export const ownerEmail = (to: Person, owner: Person): QueuedEmail => ({
  template: 'owner_made',
  to,
  data: { name: to.name, owner: owner.name, email: owner.email, at: new Date(), own: to.id === owner.id },
})

const OwnerMade = z.object({
  name: z.string(),
  owner: z.string(),
  email: z.string(),
  at: z.coerce.date(),
  own: z.boolean(),
})

export const invitationEmails: EmailTemplates = {
  owner_made(data, context) {
    const { name, owner, email, at, own } = OwnerMade.parse(data)
    return {
      subject: own ? 'You are an Owner now' : `${owner} is an Owner now`,
      preheader: 'This was done at the console of the server. If you didn’t expect it, look into it now.',
      heading: own ? 'You are an Owner now' : 'There is another Owner',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        `Someone at the console of the server made ${own ? 'your account' : `the account of ${owner}`} an Owner’s, who may do everything at ${context.company.name}, and got a link to choose its password. Nobody is signed in to it now.`,
      ],
      details: [
        ['When', formatDateTime(at, context)],
        ['Account', email],
      ],
      callout: {
        heading: 'Were you expecting this?',
        text: 'If so, there is nothing to do. If not, talk to the people who run the server now: only they can do this.',
      },
    }
  },

  invitation(data, { company, link }) {
    const { name, email, by } = Invitation.parse(data)
    return {
      subject: `Your account at ${company.name}`,
      preheader: `Choose your password to get started. The link works once, for ${linkLifetimeText('invite')}.`,
      heading: 'Choose your password',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        `There is an account for you at ${company.name}. Select the button to choose a password that only you know, then sign in with it.`,
      ],
      details: [
        ['Company', company.name],
        ...(by ? [['Invited by', by] as [string, string]] : []),
        ['Account', email],
      ],
      button: { label: 'Choose my password', href: link ?? '' },
      footnote: `The link works once, for ${linkLifetimeText('invite')}. ${renewal()}`,
      callout: {
        heading: 'Not expecting this?',
        text: 'Ignore this email: nobody can sign in until a password is chosen. Or ask your office.',
      },
    }
  },
}
