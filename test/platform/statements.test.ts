import { expect, test } from 'vitest'
import { sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'

const app = createTestApp()

test('pages are answered after the database forgot the statements that were prepared', async () => {
  const admin = await app.as('admin')
  const pages = ['/account', '/m', '/fieldworkers']
  for (const page of pages) await admin.get(page).expect(200)

  await app.db.lookups.query({ text: 'deallocate all', values: [] })

  const answers = await Promise.all(pages.map((page) => admin.get(page)))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
})

test('a statement that was sent and failed is what the transaction fails with', async () => {
  const failing = app.db.transaction(async (tx) => {
    tx.send(sql`select 1 / 0`)
    await tx.query(sql`select 1`)
  })

  await expect(failing).rejects.toThrow('division by zero')
})
