import { readFileSync } from 'node:fs'
import vm from 'node:vm'
import { beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { run, sql } from '../../src/platform/db.ts'
import { leftOut } from '../../.build/left-out-words.js'
import { contextWordsOf, validatePassword } from '../../src/auth/passwords/policy.ts'
import { createTestApp } from '../support/test-app.ts'
import { credential, password, type TestUser } from '../support/people.ts'
import { HttpClient, textOf } from '../support/http-client.ts'

const app = createTestApp()
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari/604.1'
const choice = (newPassword: string) => ({ newPassword, confirmPassword: newPassword })
const maria = (traits = {}) => app.createUser({ name: 'Maria Lopez', role: 'Fieldworker', ...traits })
const temporary = 'saddle quiet copper 17 meadow'

beforeEach(() => run(app.db, sql`delete from rate_limits`))

/** Opens the link that Forgot your password? mails, as its owner would. */
async function landed(who: TestUser): Promise<HttpClient> {
  const client = app.client()
  await client.post('/forgot-password', { email: who.email })
  await app.runJobs()
  const [email] = (await app.emailsTo(who)).filter(({ link }) => link)
  await client.get(new URL(email?.link ?? '').pathname)
  return client
}

/** Each way in which a password is set; gives what happens to one that is chosen there. */
const ways: [
  name: string,
  (choose: TestUser) => Promise<(chosen: string) => Promise<Answer>>,
  traits?: object,
][] = [
  [
    'one’s own change',
    async (who) => {
      const client = await app.signIn(who)
      return (chosen) => client.post('/account/password', { currentPassword: password, ...choice(chosen) })
    },
  ],
  [
    'the phone',
    async (who) => {
      const client = await app.client(iphone).signIn(who.email, password)
      return (chosen) => client.post('/m/password', choice(chosen))
    },
  ],
  [
    'the change of a temporary one',
    async (who) => {
      const admin = await app.as('admin')
      await admin.post(`/users/${who.id}/password`, { ...choice(temporary), mustChange: '1' })
      const client = await app.signIn(who, false, temporary)
      return (chosen) => client.post('/account/password', { currentPassword: temporary, ...choice(chosen) })
    },
  ],
  [
    'the office',
    async (who) => {
      const admin = await app.as('admin')
      return (chosen) => admin.post(`/users/${who.id}/password`, choice(chosen))
    },
  ],
  [
    'a reset link',
    async (who) => {
      const client = await landed(who)
      return (chosen) => client.post('/reset-password', choice(chosen))
    },
  ],
  [
    'an invitation',
    async (who) => {
      const client = await landed(who)
      return (chosen) => client.post('/invitation', choice(chosen))
    },
    { status: 'invited', verified: false },
  ],
]
type Answer = Awaited<ReturnType<HttpClient['post']>>

describe('row 29, ASVS 6.3.4: every way of setting a password applies the same rules', () => {
  test.each(ways)('row 29, ASVS 6.3.4: %s', async (_, way, traits) => {
    const choose = await way(await maria(traits))
    for (const [chosen, message] of [
      ['qmvz kxwtrp', 'Use at least 12 characters; this has 11.'],
      ['1qaz2wsx3edc', 'guessed first'],
      ['Summer2024!!', 'guessed first'],
      ['marialopez2024!', 'little more than a name'],
      ['acmefieldacmefield', 'little more than a name'],
      ['ab cd 7'.repeat(37).slice(0, 257), 'Use at most 256 characters; this has 257.'],
      ['violin trunk\0harvest', 'a character that cannot be typed'],
    ] as const) {
      const { status, text } = await choose(chosen)
      expect([chosen, status, textOf(text)]).toEqual([chosen, 422, expect.stringContaining(message)])
      expect(text).toMatch(
        /id="newPassword"[^>]*aria-describedby="newPassword-error"[^>]*aria-invalid="true"/,
      )
      expect(text).not.toContain(`value="${chosen}"`)
    }
    expect((await choose('ab cd 7 '.repeat(32))).status).toBe(303)
  })
})

test('row 11, ASVS 6.2.9: 64 and 100 characters are taken, and the last of them counts', async () => {
  const who = await maria()
  const long = `${'violin trunk harvest otter '.repeat(4).slice(0, 99)}7`
  const client = await app.signIn(who)
  const change = (currentPassword: string, chosen: string) =>
    client.post('/account/password', { currentPassword, ...choice(chosen) })
  expect((await change(password, long.slice(0, 64))).headers.location).toBe('/account')
  expect((await change(long.slice(0, 64), long)).headers.location).toBe('/account')
  for (const other of [long.slice(0, 72), long.slice(0, 99), `${long.slice(0, 99)}8`])
    await expect(app.signIn(who, false, other)).rejects.toThrow('422')
  await app.signIn(who, false, long)
})

/** Each page with a password on it: who sees it, how many there are, and whether it says whose they are. */
async function passwordPages(): Promise<[HttpClient, string, number, owned?: boolean][]> {
  const [who, admin] = [await maria(), await app.as('admin')]
  const phone = await app.client(iphone).signIn((await maria()).email, password)
  const link = await landed(await maria())
  const invited = await landed(await maria({ status: 'invited', verified: false }))
  return [
    [app.client(), '/sign-in', 1, true],
    [admin, '/account/password', 3, true],
    [admin, '/account/email', 1],
    [admin, '/confirm-password', 1, true],
    [admin, `/users/${who.id}/password`, 2],
    [phone, '/m/password', 2, true],
    [link, '/reset-password', 2, true],
    [invited, '/invitation', 2, true],
  ]
}

test('rows 8–10: every field of these pages has a label, even if a browser shows hidden fields (fault 32)', async () => {
  for (const [client, address] of await passwordPages()) {
    const { text } = await client.get(address)
    const inLabels = /<label\b[^>]*>(?:[^<]*\w[^<]*<input\b[^>]*>|<input\b[^>]*>(?:<span>)?[^<]*\w)/g
    const others = text.replace(inLabels, '').match(/<input\b(?![^>]*type="hidden")[^>]*>/g) ?? []
    const unlabelled = others.filter(
      (input) => !text.includes(`<label for="${/\sid="([^"]+)"/.exec(input)?.[1]}"`),
    )
    expect([address, unlabelled]).toEqual([address, []])
  }
})

test('rows 8–10, ASVS 6.2.6–6.2.8: every password field is masked, can be shown, supports password managers and truncates nothing', async () => {
  for (const [client, address, count, owned] of await passwordPages()) {
    const { text } = await client.get(address)
    const inputs = [...text.matchAll(/<input[^>]*(?:type="password"|name="\w*[pP]assword")[^>]*>/g)].map(
      ([it]) => it,
    )
    expect([address, inputs.length]).toEqual([address, count])
    for (const input of inputs) {
      expect([address, input]).toEqual([address, expect.stringContaining('type="password"')])
      expect(input).toMatch(/autocomplete="(current|new)-password"/)
      expect(input).not.toMatch(/maxlength|onpaste|readonly|value=/)
    }
    expect([
      address,
      text.match(/data-reveal="\w+" aria-pressed="false" aria-label="Show /g)?.length,
    ]).toEqual([address, count])
    if (owned) expect([address, text]).toEqual([address, expect.stringContaining('autocomplete="username"')])
    expect(text).not.toMatch(/ on(paste|click|input)=/)
  }
})

test('row 14, NIST 3.1.1.2(6): a password that its owner reports as known to others is invalid, and cannot be chosen again', async () => {
  const who = await maria()
  const thief = await app.signIn(who)
  await thief.post('/account/email', { email: `taken.${who.email}`, password })
  await app.runJobs()
  const objection = (await app.emailsTo(who)).find(({ template }) => template === 'email_change_notice')
  const path = new URL(objection?.link ?? '').pathname
  await app.client().post('/verify-email', { token: path.split('/').at(-1) ?? '' }, path)
  await app.runJobs()
  await expect(app.signIn(who)).rejects.toThrow('422')

  const [email] = (await app.emailsTo(who)).filter(({ template }) => template === 'password_reset')
  const client = app.client()
  await client.get(new URL(email?.link ?? '').pathname)
  const again = await client.post('/reset-password', choice(password))
  expect([again.status, textOf(again.text)]).toEqual([422, expect.stringContaining('someone else knew it')])
  const own = 'violin trunk harvest 58 otter'
  expect((await client.post('/reset-password', choice(own))).headers.location).toBe('/sign-in')

  const back = await app.signIn(who, false, own)
  const later = await back.post('/account/password', { currentPassword: own, ...choice(password) })
  expect([later.status, textOf(later.text)]).toEqual([422, expect.stringContaining('someone else knew it')])
})

test('row 14, NIST 3.1.1.2(6): a password that the office replaced cannot be chosen again, now or later', async () => {
  const who = await maria()
  const temporary = 'copper lantern meadow 14'
  const set = { newPassword: temporary, confirmPassword: temporary, mustChange: '1', endSessions: '1' }
  expect((await (await app.as('admin')).post(`/users/${who.id}/password`, set)).status).toBe(303)
  const device = await app.signIn(who, false, temporary)
  const change = (currentPassword: string, newPassword: string) =>
    device.post('/account/password', { currentPassword, ...choice(newPassword) })
  const refusal = [422, expect.stringContaining('Your office gave or replaced this password')]
  const told = ({ status, text }: { status: number; text: string }) => [status, textOf(text)]

  expect(told(await change(temporary, password))).toEqual(refusal)
  const own = 'violin trunk harvest 58 otter'
  expect((await change(temporary, own)).status).toBe(303)
  for (const older of [password, temporary]) expect(told(await change(own, older))).toEqual(refusal)
})

test('row 21, ASVS 11.4.2: one password of two people is stored as two argon2id hashes, each at the minimum or above', async () => {
  const hashes = []
  for (const who of [await maria(), await maria()]) {
    const client = await app.signIn(who)
    await client.post('/account/password', {
      currentPassword: password,
      ...choice('violin trunk harvest 58'),
    })
    hashes.push((await credential(app.db, who)).password_hash)
  }
  expect(hashes[0]).not.toBe(hashes[1])
  for (const hash of hashes) {
    const [, memory, time] =
      /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$[\w+/]{22}\$[\w+/]{43}$/.exec(hash) ?? []
    expect(Number(memory)).toBeGreaterThanOrEqual(19_456)
    expect(Number(time)).toBeGreaterThanOrEqual(2)
  }
})

test('row 23: a hash weaker than today’s is replaced at sign-in, for the same password and without ending sessions', async () => {
  const who = await maria()
  const device = await app.signIn(who)
  const before = await credential(app.db, who)
  const expressApp = createApp({ db: app.db, config: { ...app.configWith(), hashing: 'production' } })
  await new HttpClient(expressApp).signIn(who.email, password)
  const after = await credential(app.db, who)
  expect(before.password_hash).toContain('$m=19456,t=2,')
  expect(after.password_hash).toContain('$m=65536,t=3,')
  expect(after.credential_version).toBe(before.credential_version)
  expect((await device.get('/account')).status).toBe(200)
  await new HttpClient(expressApp).signIn(who.email, password)
  expect((await credential(app.db, who)).password_hash).toBe(after.password_hash)
})

describe('row 25, ASVS 6.4.1: a generated passphrase', () => {
  const list = readFileSync('public/words.txt', 'utf8').split('\n').filter(Boolean)
  const page = vm.createContext({ crypto, document: { addEventListener() {} } })
  vm.runInContext(readFileSync('public/passphrase.js', 'utf8').replaceAll(/^export /gm, ''), page)
  const make = page.passphrase as (from: string[], minLength: number) => string

  test('is drawn from 2,048 words or more of 3 to 6 characters, which with two digits is 50 bits', () => {
    expect(new Set(list).size).toBe(list.length)
    expect(list.filter((word) => !/^[a-z]{3,6}$/.test(word))).toEqual([])
    expect(list.length).toBeGreaterThanOrEqual(2048)
    expect(4 * Math.log2(list.length) + Math.log2(90)).toBeGreaterThan(50)
  })

  test('has no word next to its plural, and none that was left out for how it sounds, is spelled or what it says', () => {
    const words = new Set(list)
    const plurals = list.flatMap((word) =>
      [`${word}s`, `${word}es`, word.replace(/y$/, 'ies')].slice(0, /y$/.test(word) ? 3 : 2),
    )
    expect(plurals.filter((word) => words.has(word))).toEqual([])
    expect(Object.keys(leftOut)).toHaveLength(8)
    for (const [reason, out] of Object.entries(leftOut))
      expect(
        out.split(/\s+/).filter((word) => words.has(word)),
        reason,
      ).toEqual([])
    const homophones = 'to too two flour flower for four one won their there mail male weak week knight night'
    expect(homophones.split(' ').filter((word) => words.has(word))).toEqual([])
  })

  test('has four words and two digits, 26 characters on average, all different, and is accepted', () => {
    const made = Array.from({ length: 500 }, () => make(list, 12))
    expect(new Set(made).size).toBe(500)
    const contextWords = contextWordsOf({
      name: 'Maria Lindgren',
      email: 'maria@demo.test',
      companyName: 'Demo',
    })
    for (const phrase of made) {
      expect(phrase).toMatch(/^([a-z]{3,6} ){4}[1-9]\d$/)
      expect(validatePassword(phrase, { minLength: 12, contextWords }), phrase).toBeNull()
    }
    const mean = made.reduce((sum, { length }) => sum + length, 0) / made.length
    expect(mean).toBeGreaterThan(25)
    expect(mean).toBeLessThan(28)
  })

  test('has more words where the company asks for more characters', () => {
    for (const minLength of [30, 64]) {
      const phrase = make(list, minLength)
      expect(phrase.length).toBeGreaterThanOrEqual(minLength)
      expect(validatePassword(phrase, { minLength, contextWords: [] })).toBeNull()
    }
  })
})
