import { z } from 'zod'
import type { By, Person } from '../access/actor.ts'
import { device } from '../activity/device.ts'
import { moment, type LetterBook } from '../foundation/mail/letter.ts'
import type { Posting } from '../foundation/mail/post.ts'
import { firstName } from '../foundation/names.ts'

export function newDeviceLetter(to: Person, { userAgent, ip }: By): Posting {
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

export const signInLetters: LetterBook = {
  new_device(data, setting) {
    const { name, email, at, device, ip } = NewDevice.parse(data)
    return {
      subject: 'You signed in on a new device',
      preheader: 'If it was not you, change your password and call your office.',
      heading: 'You signed in on a new device',
      greeting: `Hello ${firstName(name)},`,
      paragraphs: ['Your account was used on a device that it was not used on before.'],
      facts: [
        ['When', moment(at, setting)],
        ['Device', device],
        ['Network', ip ?? 'Unknown'],
        ['Account', email],
      ],
      button: { label: 'Change my password', href: `${setting.baseUrl}/account/password` },
      question: {
        heading: 'Was it not you?',
        text: 'Then somebody else knows your password: change it at once, which signs out every other device, and call your office.',
      },
    }
  },
}
