import { expect, test } from 'vitest'
import { z } from 'zod'
import { one, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { textOf } from '../support/http-client.ts'

const app = createTestApp({ PASSWORD_MIN_LENGTH: '16' })

test('PASSWORD_MIN_LENGTH is the minimum for the policy: less is refused, and it applies until more is set', async () => {
  const admin = await app.as('admin')
  const path = '/settings/company/security'
  const form = {
    passwordMinLength: '15',
    lastingPasswordsAllowed: '1',
    temporaryPasswordHours: '24',
    contextWords: '',
    sessionIdleMinutes: '60',
    sessionHours: '12',
    rememberDays: '30',
    version: '1',
  }
  const page = await admin.get(path)
  expect(page.text).toMatch(/id="passwordMinLength"[^>]*value="16"/)
  expect(textOf(page.text)).toContain('From 16 to 64')
  const refused = await admin.post(path, form)
  expect([refused.status, textOf(refused.text).includes('from 16 to 64')]).toEqual([422, true])

  expect((await admin.post(path, { ...form, passwordMinLength: '16', sessionHours: '8' })).status).toBe(303)
  const stored = z.object({ length: z.number() })
  expect(await one(app.db, stored, sql`select password_min_length as length from company`)).toEqual({
    length: 12,
  })
  expect((await admin.get(path)).text).toMatch(/id="passwordMinLength"[^>]*value="16"/)
})
