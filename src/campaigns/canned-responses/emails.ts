import { z } from 'zod'
import { renewal, type EmailTemplates } from '../../platform/email/render.ts'
import { firstName } from '../../platform/person-names.ts'
import type { CannedText } from './forms.ts'
import { fill, filledText, paragraphsOf, type Piece } from './placeholders.ts'

/** What the row of an email stores: the text with its placeholders. They are filled in when the email is sent. */
const CannedResponseData = z.object({
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
    const { name, subject, body, expiresIn } = CannedResponseData.parse(data)
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

/** The same as a preview, in which values that were filled in can be marked. */
export function previewOf({ subject, body }: Omit<CannedText, 'name'>, placeholderValues: PlaceholderValues) {
  const values = valuesOf(placeholderValues)
  return {
    subject: fill(subject, values),
    paragraphs: paragraphsOf(body).map((paragraph): Piece[] => fill(paragraph, values)),
    footnote: renewal('the link'),
  }
}
