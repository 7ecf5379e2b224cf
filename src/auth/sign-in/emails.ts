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
  new_device(data, setting) {
    const { name, email, at, device, ip } = NewDevice.parse(data)
    return {
      subject: 'You signed in on a new device',
      preheader: 'If it was not you, change your password and call your office.',
      heading: 'You signed in on a new device',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: ['Your account was used on a device that it was not used on before.'],
      details: [
        ['When', formatDateTime(at, setting)],
        ['Device', device],
        ['Network', ip ?? 'Unknown'],
        ['Account', email],
      ],
      button: { label: 'Change my password', href: `${setting.baseUrl}/account/password` },
      callout: {
        heading: 'Was it not you?',
        text: 'Then somebody else knows your password: change it at once, which signs out every other device, and call your office.',
      },
    }
  },
}
