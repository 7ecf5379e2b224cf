import { beforeAll, expect, test } from 'vitest'
import { run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()
let owner: HttpClient
beforeAll(async () => {
  owner = await app.as('owner')
})

const presets = async (address = '/activity-log') => {
  const { text } = await owner.get(address).expect(200)
  const nav = /<nav class="chips" aria-label="Days">[\s\S]*?<\/nav>/.exec(text)?.[0] ?? ''
  return Object.fromEntries(
    [...nav.matchAll(/href="([^"]+)"( aria-current="true")?>([^<]+)</g)].map(
      ([, href = '', current, label]) => [label, `${href.replaceAll('&amp;', '&')}${current ? ' *' : ''}`],
    ),
  )
}
/** The day that a clock in the zone shows, so many days ago. */
const dayIn = (timeZone: string, ago = 0) => {
  const today = new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date())
  return new Date(Date.parse(today) - ago * 86_400_000).toISOString().slice(0, 10)
}

// At any moment one of the two is on another day than UTC.
test.each(['Pacific/Kiritimati', 'Pacific/Pago_Pago'])(
  'days of the log are those of the company in %s',
  async (zone) => {
    await run(app.db, sql`update company set time_zone = ${zone}`)
    const days = (from: string) => `/activity-log?event=sign_in&from=${from}&to=${dayIn(zone)}`
    expect(await presets('/activity-log?event=sign_in')).toEqual({
      Today: days(dayIn(zone)),
      'Last 7 days': days(dayIn(zone, 6)),
      'Last 30 days': days(dayIn(zone, 29)),
      'This month': days(`${dayIn(zone).slice(0, 7)}-01`),
    })
    const week = (await presets())['Last 7 days'] ?? ''
    expect((await presets(week))['Last 7 days']).toBe(`${week} *`)
  },
)

test('a view of the log can be saved, and is shown above the log alone', async () => {
  await owner.post(
    '/views',
    { name: 'Failures', address: '/activity-log?event=sign_in_failed' },
    '/fieldworkers',
  )
  const shown = (address: string) => owner.get(address).then(({ text }) => text.includes('>Failures</a>'))
  expect([await shown('/activity-log'), await shown('/fieldworkers')]).toEqual([true, false])
  expect((await owner.get('/activity-log?event=sign_in')).text).toContain('Save this view')
  const page = await owner.get('/activity-log?event=sign_in_failed&ip=nonsense')
  expect([page.status, page.text.includes('Save this view')]).toEqual([422, false])
})

test('what matches is a part of what there is in all; of the whole log nothing is said twice', async () => {
  await run(app.db, sql`update company set time_zone = 'UTC'`)
  const whole = textOf((await owner.get('/activity-log')).text)
  expect(whole).toMatch(/[\d,]+ entr(y|ies) since/)
  expect(whole).not.toContain('match')
})
