import { z } from 'zod'
import { renewal, type EmailTemplates } from '../../platform/email/render.ts'
import { firstName } from '../../platform/person-names.ts'
import type { CannedText } from './forms.ts'
import { fill, filledText, paragraphsOf, type Piece } from './placeholders.ts'

/** What a row of a letter holds of it: the text as the company wrote it. Who it is for and the link are filled in late. */
const Canned = z.object({
  name: z.string(),
  subject: z.string(),
  body: z.string(),
  expiresIn: z.string(),
})

interface PlaceholderValues {
  name: string
  company: string
  link: string
  expiresIn: string
}

const valuesOf = ({ name, company, link, expiresIn }: PlaceholderValues) => ({
  first_name: firstName(name),
  company_name: company,
  reset_link: link,
  expires_in: expiresIn,
})

export const cannedResponseEmails: EmailTemplates = {
  canned_response(data, { company, link = '' }) {
    const { name, subject, body, expiresIn } = Canned.parse(data)
    const values = valuesOf({ name, company: company.name, link, expiresIn })
    const title = filledText(subject, values)
    return {
      subject: title,
      preheader: '',
      heading: title,
      greeting: '',
      paragraphs: paragraphsOf(body).map((paragraph) => filledText(paragraph, values)),
      linkText: link,
      footnote: renewal('the link'),
      details: [],
    }
  },
}

/** The same for eyes in the office: what is filled in can be told from what was written. */
export function previewOf({ subject, body }: Omit<CannedText, 'name'>, filling: PlaceholderValues) {
  const values = valuesOf(filling)
  return {
    subject: fill(subject, values),
    paragraphs: paragraphsOf(body).map((paragraph): Piece[] => fill(paragraph, values)),
    footnote: renewal('the link'),
  }
}
