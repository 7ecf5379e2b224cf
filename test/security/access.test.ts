import { expect, test } from 'vitest'
import { credential } from '../support/people.ts'
import { address, routesOf } from '../support/routes.ts'
import { createTestApp } from '../support/test-app.ts'

const app = createTestApp()

test('row 129, ASVS 8.2.3: no page and no file shows a password hash to anyone', async () => {
  const { owner, sam } = app.cast
  const hashes = [await credential(app.db, owner), await credential(app.db, sam)].map(
    (one) => one.password_hash,
  )
  const asked = [await app.as('owner'), await app.as('dispatcher'), await app.as('sam')]
  let shown = 0
  for (const route of routesOf(app.express).filter(({ method }) => method === 'GET'))
    for (const client of asked) {
      const { status, text = '' } = await client.get(address(route, sam.id))
      if (status === 200) shown++
      for (const secret of ['$argon2', ...hashes])
        expect([route.path, text.includes(secret)]).toEqual([route.path, false])
    }
  expect(shown).toBeGreaterThan(50)
})
