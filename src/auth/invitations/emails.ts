import { linkLifetimeText } from '../../company/link-lifetimes.ts'
import { z } from 'zod'
import type { RequestContext, Person, Target } from '../../access/actor.ts'
import { formatDateTime, renewal, type EmailTemplates } from '../../platform/email/render.ts'
import type { QueuedEmail } from '../../platform/email/queue.ts'
import { firstName } from '../../platform/person-names.ts'

/** Who invites is named; nobody, when its receiver asked for a new one. */
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

/** Tells the other Owners, and whoever was there already, that somebody was made one from outside. */
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
  owner_made(data, setting) {
    const { name, owner, email, at, own } = OwnerMade.parse(data)
    return {
      subject: own ? 'You are an Owner now' : `${owner} is an Owner now`,
      preheader: 'It was done at the console of the server. If that is a surprise, look into it at once.',
      heading: own ? 'You are an Owner now' : 'There is another Owner',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        `Somebody at the console of the server made ${own ? 'your account' : `the account of ${owner}`} an Owner’s, who may do everything at ${setting.company.name}, and was handed a link to choose its password. Nobody is signed in to it just now.`,
      ],
      details: [
        ['When', formatDateTime(at, setting)],
        ['Account', email],
      ],
      callout: {
        heading: 'Were you expecting this?',
        text: 'If yes, there is nothing to do. If not, speak at once with whoever runs the server: they alone can do it.',
      },
    }
  },

  invitation(data, { company, link }) {
    const { name, email, by } = Invitation.parse(data)
    return {
      subject: `Your account at ${company.name}`,
      preheader: `Choose your password to begin. The link works once, for ${linkLifetimeText('invite')}.`,
      heading: 'Choose your password',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        `There is an account for you at ${company.name}. Press the button to choose a password that only you know, then sign in with it.`,
      ],
      details: [
        ['Company', company.name],
        ...(by ? [['Invited by', by] as [string, string]] : []),
        ['Account', email],
      ],
      button: { label: 'Choose my password', href: link ?? '' },
      footnote: `The link works once, for ${linkLifetimeText('invite')}. ${renewal()}`,
      callout: {
        heading: 'Is this a surprise?',
        text: 'Then leave it: as long as nobody chooses a password, nobody can sign in. Or ask your office.',
      },
    }
  },
}
