import { expect, test } from 'vitest'
import { createTestApp } from '../support/test-app.ts'
import { customRole } from '../support/roles.ts'

const app = createTestApp()

test.each(['/settings', '/settings/company'])(
  '%s leads to the first page that the person may open',
  async (start) => {
    await customRole(app.db, `Writer ${start}`, ['campaigns.manage'])
    const writer = await app.signIn(await app.createUser({ name: 'Wilma Writer', role: `Writer ${start}` }))
    const places = { admin: '/settings/company/users', dispatcher: '/settings/company/users' } as const
    for (const who of ['admin', 'dispatcher'] as const)
      expect((await (await app.as(who)).get(start)).headers.location).toBe(places[who])
    expect((await writer.get(start)).headers.location).toBe('/settings/communications/canned-responses')
    await (await app.as('sam')).get(start).expect(403)
  },
)
