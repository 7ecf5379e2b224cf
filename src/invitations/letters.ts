import { z } from 'zod'
import type { By, Person, Target } from '../access/actor.ts'
import type { LetterBook } from '../foundation/mail/letter.ts'
import type { Posting } from '../foundation/mail/post.ts'
import { firstName } from '../foundation/names.ts'

/** Who invites is named; nobody, when its receiver asked for a new one. */
export const invitationLetter = (to: Person, { actor }: By<Target | null>, linkId: string): Posting => ({
  template: 'invitation',
  to,
  data: { name: to.name, email: to.email, by: actor && `${actor.name}, ${actor.role.name}`, linkId },
})

const Invitation = z.object({ name: z.string(), email: z.string(), by: z.string().nullable() })

export const invitationLetters: LetterBook = {
  invitation(data, { company, link }) {
    const { name, email, by } = Invitation.parse(data)
    return {
      subject: `Your account at ${company.name}`,
      preheader: 'Choose your password to begin. The link works once, for 7 days.',
      heading: 'Choose your password',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        `there is an account for you at ${company.name}. Press the button to choose a password that only you know, then sign in with it.`,
      ],
      facts: [
        ['Company', company.name],
        ...(by ? [['Invited by', by] as [string, string]] : []),
        ['Account', email],
      ],
      button: { label: 'Choose my password', href: link ?? '' },
      small: 'The link works once, for 7 days.',
      question: {
        heading: 'Is this a surprise?',
        text: 'Then leave it: as long as nobody chooses a password, nobody can sign in. Or ask your office.',
      },
    }
  },
}
