import { expect, test } from 'vitest'
import { z } from 'zod'
import { describeReason } from '../../src/activity/describe-reason.ts'
import type { Event } from '../../src/activity/event-types.ts'
import { reasonTexts, type EventWithReason } from '../../src/activity/reason-texts.ts'
import { record } from '../../src/activity/record.ts'
import { impersonationEndTexts, tellAdminWhyEnded } from '../../src/access/impersonation-end.ts'
import { many, run, sql } from '../../src/platform/db.ts'
import { fillText, paramsIn } from '../../src/platform/reason.ts'
import { files } from '../support/files.ts'
import { textOf } from '../support/http-client.ts'
import { createTestApp } from '../support/test-app.ts'

const app = createTestApp()
const nobody = { actor: null, ip: null, userAgent: null, requestId: null }

/** Parameters that no sentence has by itself. */
const paramsOf = (sentence: string) =>
  Object.fromEntries(paramsIn(sentence).map((name, i) => [name, `${name} ${71 + i}`]))

const reasons = Object.entries(reasonTexts).flatMap(([event, texts]) =>
  Object.entries(texts as Record<string, string>).map(([code, text]) => ({
    event: event as EventWithReason,
    code,
    params: paramsOf(text),
    sentence: fillText(text, paramsOf(text)),
  })),
)

test.each(reasons)('the log shows the sentence of $event, $code, and finds it', async (reason) => {
  const { event, code, params, sentence } = reason
  const name = event === 'automation_run' ? 'fault' : 'reason'
  const more = event === 'automation_run' ? { automation: 'Dormant accounts', people: 0 } : {}
  await app.db.transaction(async (tx) =>
    record(tx, nobody, { event, details: { ...more, [name]: code, ...params } } as unknown as Event),
  )
  const auditor = await app.as('auditor')
  for (const filter of [{ event }, { q: sentence }, { q: sentence.toUpperCase(), event }]) {
    const { text } = await auditor.get('/activity-log').query(filter)
    const page = textOf(text)
    expect(page).toContain(sentence)
    if (code.includes('_')) expect(page).not.toMatch(new RegExp(`\\b${code}\\b`))
    expect(page).not.toMatch(/\{\w+\}/)
  }
})

test('a search that is no part of a sentence finds no reason', async () => {
  const { text } = await (await app.as('auditor')).get('/activity-log').query({ q: 'Right password' })
  expect(textOf(text)).not.toContain('Wrong password')
})

test('an entry from before there were codes is shown as it was written', () => {
  for (const [event, details] of [
    ['sign_in_failed', { reason: 'The account is blocked' }],
    ['impersonation_ended', { minutes: 3, why: 'Ada may no longer work as Wim' }],
    ['automation_run', { fault: 'It was switched off meanwhile.' }],
  ] as const)
    expect(describeReason(event, details)).toBe(Object.values(details).at(-1))
})

test('a code without a sentence, or without its parameters, is an error of type', () => {
  const events: Event[] = [
    { event: 'sign_in_failed', details: { reason: 'wrong_password' } },
    { event: 'sign_in_throttled', details: { reason: 'wrong_passwords', failures: 5 } },
    // @ts-expect-error no such code
    { event: 'sign_in_failed', details: { reason: 'no_such_code' } },
    // @ts-expect-error a sentence is no code
    { event: 'sign_in_failed', details: { reason: 'Wrong password' } },
    // @ts-expect-error how many is missing
    { event: 'sign_in_throttled', details: { reason: 'wrong_passwords' } },
  ]
  expect(events).toHaveLength(5)
})

test('the admin reads every end of an impersonation in a sentence', () => {
  for (const [code, text] of Object.entries(impersonationEndTexts)) {
    const told = tellAdminWhyEnded({ code, ...paramsOf(text) } as never)
    expect([code, told]).toEqual([code, expect.stringMatching(/^[A-Z\w][^{}]+\.$/)])
  }
})

const Column = z.object({ column: z.string() })

/** Every column that holds why the program did something. */
const columns = [
  'activity_checks.fault',
  'automation_runs.stop_reason',
  'automations.stop_reason',
  'campaigns.pause_reason',
  'emails.failure_reason',
  'import_rows.problems',
  'import_rows.warning',
  'imports.stop_reason',
  'impersonations.end_reason',
]

test('reasons are in columns of the types reason and reasons, and no other column is named like one', async () => {
  const typed = await many(
    app.db,
    Column,
    sql`select table_name || '.' || column_name as column from information_schema.columns
        where table_schema = 'public' and domain_name in ('reason', 'reasons')`,
  )
  expect(typed.map(({ column }) => column).sort()).toEqual([...columns].sort())
  const others = await many(
    app.db,
    Column,
    sql`select table_name || '.' || column_name as column from information_schema.columns
        where table_schema = 'public' and domain_name is null
          and column_name ~ '(reason|because|problem|warning|fault|error|why)s?$' order by 1`,
  )
  // What people typed, and a code with a constraint of its own.
  expect(others.map(({ column }) => column)).toEqual([
    'automations.reason',
    'caller_checks.reason',
    'campaign_people.skip_reason',
    'impersonations.reason',
  ])
})

test.each([
  ['a sentence', `'"Wrong password"'`],
  ['a sentence as the code', `'{"code": "Wrong password"}'`],
  ['no code', `'{"text": "Wrong password"}'`],
  ['nothing known', `'{}'`],
  ['an array of codes', `'["wrong_password"]'`],
])('the database takes no reason that is %s', async (_, value) => {
  const query = (text: string) => app.db.query({ text, values: [] })
  await expect(query(`select ${value}::jsonb::reason`)).rejects.toThrow('reason_check')
  await expect(query(`select jsonb_build_array(${value}::jsonb)::reasons`)).rejects.toThrow('reasons_check')
  await expect(query(`select '[]'::jsonb::reasons`)).rejects.toThrow('reasons_check')
  await query(`select '{"code": "other", "text": "Wrong password"}'::jsonb::reason, null::jsonb::reason`)
})

test.each([...new Set(reasons.map(({ event }) => event))])(
  'the log takes no new entry of %s with a sentence for a code',
  async (event) => {
    const details = { [event === 'automation_run' ? 'fault' : 'reason']: 'It was so.' }
    await expect(
      run(
        app.db,
        sql`insert into activity_log (event, category, details) values (${event}, 'security', ${details})`,
      ),
    ).rejects.toThrow('activity_log_reason')
  },
)

test('no code compares sentences', () => {
  const sentence = /(?:[!=]==|(?:startsWith|endsWith|includes)\()\s*(['"`])[A-Z][^'"`\n]*[a-z] [^'"`\n]*\1/g
  const found = [...files('src', /\.ts$/)].flatMap(([file, text]) =>
    [...text.matchAll(sentence)].map(([match]) => `${file}: ${match}`),
  )
  // pg gives this error no code.
  expect(found).toEqual([`src/platform/db.ts: === 'Query read timeout'`])
})
