import { expect, test } from 'vitest'
import { credential } from '../support/people.ts'
import { address, doors } from '../support/doors.ts'
import { testHouse } from '../support/house.ts'

const house = testHouse()

test('row 129, ASVS 8.2.3: no page and no file shows a hash of a password, whoever asks', async () => {
  const { owner, sam } = house.cast
  const hashes = [await credential(house.db, owner), await credential(house.db, sam)].map(
    (one) => one.password_hash,
  )
  const asked = [await house.as('owner'), await house.as('dispatcher'), await house.as('sam')]
  let shown = 0
  for (const door of doors(house.app).filter(({ method }) => method === 'GET'))
    for (const visitor of asked) {
      const { status, text = '' } = await visitor.get(address(door, sam.id))
      if (status === 200) shown++
      for (const secret of ['$argon2', ...hashes])
        expect([door.path, text.includes(secret)]).toEqual([door.path, false])
    }
  expect(shown).toBeGreaterThan(50)
})
