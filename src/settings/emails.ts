import { z } from 'zod'
import type { Person } from '../access/actor.ts'
import type { QueuedEmail } from '../platform/email/queue.ts'
import { formatDateTime, type EmailTemplates } from '../platform/email/render.ts'
import { firstName } from '../platform/person-names.ts'

export const testEmail = (to: Person): QueuedEmail => ({
  template: 'test_email',
  to,
  data: { name: to.name, at: new Date() },
})

const TestData = z.object({ name: z.string(), at: z.coerce.date() })

export const settingsEmails: EmailTemplates = {
  test_email(data, context) {
    const { name, at } = TestData.parse(data)
    return {
      subject: `Test email from ${context.company.name}`,
      preheader: 'Emails from Fieldkey reach you.',
      heading: 'Emails from Fieldkey reach you',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: [
        'You asked for this test email on the company page. It went the way of every email to your people.',
      ],
      details: [['Asked for', formatDateTime(at, context)]],
      button: { label: 'Open the company page', href: `${context.baseUrl}/settings/company/profile` },
    }
  },
}
