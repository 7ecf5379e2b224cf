import { z } from 'zod'
import type { RequestContext, Person } from '../../access/actor.ts'
import { device } from '../../activity/device.ts'
import { formatDateTime, type EmailTemplates } from '../../platform/email/render.ts'
import type { QueuedEmail } from '../../platform/email/queue.ts'
import { firstName } from '../../platform/person-names.ts'

export function newDeviceEmail(to: Person, { userAgent, ip }: RequestContext): QueuedEmail {
  const data = { name: to.name, email: to.email, at: new Date(), device: device(userAgent), ip }
  return { template: 'new_device', to, data }
}

const NewDevice = z.object({
  name: z.string(),
  email: z.string(),
  at: z.coerce.date(),
  device: z.string(),
  ip: z.string().nullable(),
})

export const signInEmails: EmailTemplates = {
  new_device(data, context) {
    const { name, email, at, device, ip } = NewDevice.parse(data)
    return {
      subject: 'You signed in on a new device',
      preheader: 'If this wasn’t you, change your password and call your office.',
      heading: 'You signed in on a new device',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: ['Someone signed in to your account on a new device.'],
      details: [
        ['When', formatDateTime(at, context)],
        ['Device', device],
        ['Network', ip ?? 'Unknown'],
        ['Account', email],
      ],
      button: { label: 'Change my password', href: `${context.baseUrl}/account/password` },
      callout: {
        heading: 'Wasn’t you?',
        text: 'Someone else knows your password. Change it now, which signs out every other device, and call your office.',
      },
    }
  },
}
