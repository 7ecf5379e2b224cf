import { describe, expect, test } from 'vitest'
import { run, sql } from '../../../src/platform/db.ts'
import { credential, activityFor, password, type TestUser } from '../../support/people.ts'
import { createTestApp } from '../../support/test-app.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'

const app = createTestApp()
const good = 'violin trunk harvest 58 otter'
const somebody = () => app.createUser({ name: 'Maria Lopez', role: 'Fieldworker' })
const change = (client: HttpClient, more: Record<string, string> = {}) =>
  client.post('/account/password', {
    currentPassword: password,
    newPassword: good,
    confirmPassword: good,
    ...more,
  })

describe('changing my own password', () => {
  test('changes it, ends my other sessions and keeps this one', async () => {
    const me = await somebody()
    const [here, elsewhere, remembered] = [
      await app.signIn(me),
      await app.signIn(me),
      await app.signIn(me, true),
    ]
    const answer = await change(here)
    expect([answer.status, answer.headers.location]).toEqual([303, '/account'])
    expect(textOf((await here.get('/account')).text)).toContain('Your password is changed')
    for (const other of [elsewhere, remembered]) expect((await other.get('/account')).status).toBe(303)
    await expect(app.signIn(me)).rejects.toThrow('422')
    await app.signIn(me, false, good)
    expect(await activityFor(app.db, me, 'password_change')).toMatchObject([
      { method: 'self', actor_id: me.id, details: { sessions_ended: 2 } },
    ])
  })

  test('sends an email that says when, on what device, and what to do if it was someone else', async () => {
    const me = await somebody()
    await change(await app.signIn(me))
    const [email] = await app.emailsTo(me)
    expect(email).toMatchObject({ template: 'password_changed', subject: 'You changed your password' })
    expect(email?.text).toContain('Chrome, Windows')
    expect(email?.text).toContain('Wasn’t you?')
    expect(`${email?.text}${email?.html}`).not.toContain(good)
  })

  test.each([
    ['a wrong old password', { currentPassword: 'not this one at all' }, 'That isn’t your current password.'],
    ['no old password', { currentPassword: '' }, 'Enter your current password.'],
    ['two that differ', { confirmPassword: 'violin trunk harvest 58 otte' }, 'The passwords don’t match'],
    ['the same again', { newPassword: password, confirmPassword: password }, 'This is the current password.'],
    [
      'my own name',
      { newPassword: 'marialopez2024!', confirmPassword: 'marialopez2024!' },
      'little more than a name',
    ],
    [
      'the company’s',
      { newPassword: 'acmefieldacmefield', confirmPassword: 'acmefieldacmefield' },
      'little more than a name',
    ],
    [
      'one of the most common',
      { newPassword: 'Password123!', confirmPassword: 'Password123!' },
      'guessed first',
    ],
  ])('%s: 422 with an error, and nothing changes', async (_, fields, message) => {
    const me = await somebody()
    const client = await app.signIn(me)
    const before = await credential(app.db, me)
    const answer = await change(client, fields)
    expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining(message)])
    expect(await credential(app.db, me)).toEqual(before)
    expect(await activityFor(app.db, me, 'password_change')).toEqual([])
    expect((await app.emailsTo(me)).filter(({ template }) => template !== 'new_device')).toEqual([])
  })

  test('wrong old passwords are recorded, and the fifth ends the session', async () => {
    const me = await somebody()
    const client = await app.signIn(me)
    for (let i = 0; i < 5; i++)
      expect((await change(client, { currentPassword: `guess ${i}` })).status).toBe(422)
    expect((await client.get('/account')).status).toBe(303)
    await app.signIn(me) // its owner is not locked out by the person who used the session
    expect(await activityFor(app.db, me, 'sign_in_failed')).toHaveLength(5)
    expect(await activityFor(app.db, me, 'sign_in_throttled')).toHaveLength(1)
  })

  test('of two concurrent changes only one succeeds', async () => {
    const me = await somebody()
    const clients = [await app.signIn(me), await app.signIn(me)]
    const answers = await Promise.all(
      clients.map((client, i) => changeTo(client, `lantern violet spruce 4${i}`)),
    )
    expect(
      answers.filter(({ status, headers }) => status === 303 && headers.location === '/account'),
    ).toHaveLength(1)
    expect(await activityFor(app.db, me, 'password_change')).toHaveLength(1)
  })
})

const changeTo = (client: HttpClient, newPassword: string) =>
  change(client, { newPassword, confirmPassword: newPassword })

describe('which passwords are accepted', () => {
  const signsInWith = async (me: TestUser, typed: string) =>
    (await app.signIn(me, false, typed)).cookies() !== ''
  test.each([
    ['twelve characters', 'qmvz kxwtrpl'],
    ['all lower case', 'aqzrtmnvkwplxj'],
    ['digits that are in no list', '839201746520183'],
    ['twelve emoji', '😀'.repeat(12)],
    ['spaces at both ends, kept', '  Spaced Out Pass 9  '],
    ['a hundred and twenty-eight', 'ab cd 7 '.repeat(16)],
    ['accents, however they are typed', 'café crème brûlée'],
  ])('%s', async (_, candidate) => {
    const me = await somebody()
    expect((await changeTo(await app.signIn(me), candidate)).status).toBe(303)
    expect(await signsInWith(me, candidate)).toBe(true)
    expect(await signsInWith(me, candidate.normalize('NFD'))).toBe(true)
    if (candidate !== candidate.trim()) await expect(signsInWith(me, candidate.trim())).rejects.toThrow('422')
  })

  test('a higher minimum set by the company applies, and the error names it', async () => {
    await run(app.db, sql`update company set password_min_length = 20`)
    const client = await app.signIn(await somebody())
    const page = await client.get('/account/password')
    const answer = await changeTo(client, 'nineteen chars long')
    await run(app.db, sql`update company set password_min_length = 12`)
    expect(textOf(page.text)).toContain('At least 20 characters')
    expect(textOf(answer.text)).toContain('Use at least 20 characters; this has 19.')
  })
})

test('password fields are masked, can be shown, and support password managers', async () => {
  const client = await app.signIn(await somebody())
  const { text } = await client.get('/account/password')
  const inputs = [...text.matchAll(/<input[^>]*name="(\w*Password)"[^>]*>/g)]
  expect(inputs.map(([, name]) => name)).toEqual(['currentPassword', 'newPassword', 'confirmPassword'])
  for (const [input] of inputs) {
    expect(input).toContain('type="password"')
    expect(input).toMatch(/autocomplete="(current|new)-password"/)
    expect(input).not.toMatch(/maxlength|onpaste|readonly/)
  }
  expect(text).toContain('autocomplete="username"')
  expect(text.match(/data-reveal=/g)).toHaveLength(3)
})
