import { generateKeyPairSync } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { writeKeyList } from '../../src/activity/evidence/key-list.ts'
import { currentKey, fingerprintOf, rotateKey, type KeyRing } from '../../src/activity/evidence/keys.ts'
import { selectEvidenceKeys } from '../../src/activity/evidence/queries.ts'
import { readConfig } from '../../src/config.ts'
import { many, run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { textOf } from '../support/http-client.ts'

const app = createTestApp()
const [first, second] = ['first secret: 7f3a9c51e2b84d06 alone', 'second secret: 0d48b2e15c9a3f7 alone']
const ring: KeyRing = { sessionSecrets: [first] }
const fingerprint = async (other = ring) => (await currentKey(app.db, other)).fingerprint
const known = () => selectEvidenceKeys(app.db)
const by = () => ({ actor: app.cast.owner, ip: null, userAgent: null, requestId: null })

const Recorded = z.object({ actor_id: z.string().nullable(), category: z.string(), details: z.unknown() })
const recorded = () =>
  many(
    app.db,
    Recorded,
    sql`select actor_id, category, details from activity_log where event = 'policy_changed' order by seq desc limit 1`,
  )

afterEach(() => run(app.db, sql`delete from evidence_keys`))

describe('the key that signs evidence packs', () => {
  test('is made once, even when several ask at once, and recorded', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => fingerprint()))
    expect(new Set(all).size).toBe(1)
    expect(await known()).toMatchObject([{ fingerprint: all[0], retired_at: null }])
    const details = { setting: 'evidence key', before: null, after: all[0] }
    expect(await recorded()).toEqual([{ actor_id: null, category: 'security', details }])
  })

  test('stands nowhere in the database as it is', async () => {
    const { privateKey } = await currentKey(app.db, ring)
    const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url')
    expect(seed).toHaveLength(32)
    const rows = await many(
      app.db,
      z.object({ whole: z.string() }),
      sql`select k::text as whole from evidence_keys k union all select l::text from activity_log l`,
    )
    const text = rows.map(({ whole }) => whole).join('\n')
    expect(text).toMatch(/\\x[0-9a-f]{80,}/)
    for (const spelling of ['hex', 'base64', 'base64url', 'latin1'] as const)
      expect(text).not.toContain(seed.toString(spelling))
  })

  test('outlives a rotated SESSION_SECRET, and then needs the old one no more', async () => {
    const before = await fingerprint()
    expect(await fingerprint({ sessionSecrets: [second, first] })).toBe(before)
    expect(await fingerprint({ sessionSecrets: [second] })).toBe(before)
  })

  test('gives way to a new one when no secret opens it any more', async () => {
    const before = await fingerprint()
    const after = await fingerprint({ sessionSecrets: [second] })
    expect(after).not.toBe(before)
    expect(await known()).toMatchObject([
      { fingerprint: after, retired_at: null },
      { fingerprint: before, retired_at: expect.any(Date) as Date },
    ])
    expect(await recorded()).toMatchObject([{ details: { before, after } }])
  })

  test('moved under another fingerprint it does not open', async () => {
    const before = await fingerprint()
    const other = before.replace(/^.{4}/, (group) => (group === '0000' ? '1111' : '0000'))
    await run(app.db, sql`update evidence_keys set fingerprint = ${other}`)
    expect(await fingerprint()).not.toBe(other)
    expect(await known()).toHaveLength(2)
  })

  test('is rotated by somebody, which the log tells and the list keeps', async () => {
    const before = await fingerprint()
    const rotated = await app.db.transaction((tx) => rotateKey(tx, by(), ring))
    const after = rotated.ok ? rotated.value.fingerprint : ''
    expect(await fingerprint()).toBe(after)
    expect((await known()).map((key) => key.fingerprint)).toEqual([after, before])
    const details = { setting: 'evidence key', before, after }
    expect(await recorded()).toEqual([{ actor_id: app.cast.owner.id, category: 'security', details }])
    const page = textOf((await (await app.as('auditor')).get('/activity-log')).text)
    expect(page).toContain(`Olivia Owner changed the policy: evidence key From ${before} to ${after}.`)
  })

  test('is listed in a file beside the data, for the command that has no database', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fieldkey-keys-'))
    onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
    const before = await fingerprint()
    const after = await fingerprint({ sessionSecrets: [second] })
    await writeKeyList(app.db, path.join(folder, 'data'))
    const file = fs.readFileSync(path.join(folder, 'data', 'evidence-keys.txt'), 'utf8')
    const lines = file.split('\n').filter((line) => line && !line.startsWith('#'))
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(new RegExp(`^${after} 20\\S+Z in-use MCowBQYDK2VwAyEA`))
    expect(lines[1]).toMatch(new RegExp(`^${before} 20\\S+Z 20\\S+Z MCowBQYDK2VwAyEA`))
    fs.writeFileSync(path.join(folder, 'file'), '')
    await writeKeyList(app.db, path.join(folder, 'file')) // best effort: says so in the log, and goes on
  })
})

describe('EVIDENCE_KEY', () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const given = (EVIDENCE_KEY: string) => readConfig({ EVIDENCE_KEY, SESSION_SECRET: first })

  test('signs in place of one kept here, which it retires, and never stands in the database', async () => {
    const before = await fingerprint()
    const after = fingerprintOf(privateKey)
    expect(await fingerprint(given(pem))).toBe(after)
    expect(await fingerprint(given(Buffer.from(pem).toString('base64')))).toBe(after)
    expect((await known()).map((key) => key.fingerprint)).toEqual([after, before])
    expect(await fingerprint()).not.toBe(after) // taken out of the environment again
    expect(await known()).toHaveLength(3)
  })

  test('is rotated where it stands, not here', async () => {
    const refused = await app.db.transaction((tx) => rotateKey(tx, by(), given(pem)))
    expect(refused).toMatchObject({
      ok: false,
      errors: { form: expect.stringContaining('EVIDENCE_KEY') as string },
    })
  })

  test.each([
    ['words', 'a key, honestly'],
    ['half a key', pem.slice(0, 60)],
    [
      'a public key',
      generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    ],
    [
      'another kind of key',
      generateKeyPairSync('x25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    ],
    ['another form of it', privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')],
  ])('that holds %s is refused by name', (_, value) => {
    expect(() => given(value)).toThrow('EVIDENCE_KEY must be an Ed25519 private key')
  })
})
