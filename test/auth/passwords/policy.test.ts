import { expect, test } from 'vitest'
import { contextWordsOf, validatePassword, normalisePassword } from '../../../src/auth/passwords/policy.ts'

const maria = contextWordsOf({
  name: 'María Lopez',
  email: 'maria.lopez@acme.test',
  companyName: 'Acme Field',
  extra: ['Roadrunner'],
})
const judge = (candidate: string, minLength = 12) =>
  validatePassword(candidate, { minLength, contextWords: maria })
const emoji = '\u{1F600}'

test.each([
  'correct horse battery staple x',
  'aqzrtmnvkwplxj',
  '839201746520183',
  emoji.repeat(12),
  emoji.repeat(14),
  emoji.repeat(256),
  '\u00E9'.repeat(12),
  `${' '.repeat(15)}q`,
  '  Spaced Out Pass 9  ',
  'acme-otter-violin-trunk-7',
  'demo paddock lantern 42',
  'maria likes roadrunners',
])('accepts %j', (candidate) => {
  expect(judge(candidate)).toBeNull()
})

test('accepts every character that ASCII can print', () => {
  const printable = Array.from({ length: 95 }, (_, place) => String.fromCharCode(32 + place))
  for (const char of printable) expect(judge(`${char}aqzrtmnvkwpx${char}`), char).toBeNull()
})

test('says how long it must be, how long it is, and what is easy to do', () => {
  expect(judge('aqzrtmnvk')).toBe(
    'Use at least 12 characters; this has 9. Four unrelated words are easy to say on the phone.',
  )
})

test('requires more if the company does, and never fewer than 12', () => {
  expect(judge('aqzrtmnvkwplxj', 15)).toContain('at least 15 characters; this has 14')
  expect(judge('aqzrtmnvkwplxjb', 15)).toBeNull()
  expect(judge('aqzrtmnvkwp', 8)).toContain('at least 12 characters; this has 11')
})

test('counts code points: six emoji are six, and e with an accent is one', () => {
  expect(judge(emoji.repeat(6))).toContain('this has 6')
  expect(judge('e\u0301'.repeat(11))).toContain('this has 11')
})

test('takes 64, 128 and 256 characters and not 257', () => {
  const long = 'a quite long passphrase, this one '.repeat(8)
  for (const length of [64, 128, 256]) expect(judge(long.slice(0, length))).toBeNull()
  expect(judge(long.slice(0, 257))).toBe('Use at most 256 characters; this has 257.')
})

test.each(['aqzrtm\0nvkwplxj', 'aqzrtm\nnvkwplxj', 'aqzrtm\uD800nvkwplxj', 'aqzrtm\uFFFDnvkwplxj'])(
  'refuses what cannot be typed: %j',
  (candidate) => {
    expect(judge(candidate)).toContain('a character that cannot be typed')
  },
)

test.each([
  'marialopez2024!',
  'MARÍA-LOPEZ-1985',
  'LopezMaria123',
  'acmefieldacmefield',
  'maria.lopez@acme.test',
  'Fieldkey12345',
  'roadrunner!!',
])('refuses %s, naming the reason', (candidate) => {
  expect(judge(candidate)).toContain('little more than a name, an address, the company or Fieldkey')
})

test('refuses common passwords in any case', () => {
  for (const candidate of ['1qaz2wsx3edc', 'PasswordPassword', 'Summer2024!!'])
    expect(judge(candidate)).toContain('guessed first')
})

test('splits names, addresses and the company into words of three characters or more, and joins them', () => {
  const words = contextWordsOf({ name: "Jo O'Brien", email: 'jo@ab-plumbing.io', companyName: 'AB Plumbing' })
  expect(words.sort()).toEqual(
    ['abplumbing', 'abplumbingio', 'brien', 'fieldkey', 'joabplumbingio', 'joobrien', 'plumbing'].sort(),
  )
})

test('normalises to one form, and keeps capitals and spaces', () => {
  expect(normalisePassword('cafe\u0301 au lait')).toBe(normalisePassword('caf\u00E9 au lait'))
  expect(normalisePassword('  Spaced Out ')).toBe('  Spaced Out ')
})

test('accepts any string without throwing', () => {
  let state = 42
  const next = (below: number) => (state = (state * 48271) % 2147483647) % below
  const kinds = [() => next(0x80), () => 0xd800 + next(0x800), () => next(0x10000), () => 0x300 + next(0x70)]
  for (let round = 0; round < 3000; round++) {
    const kind = kinds[next(kinds.length)]!
    const candidate = String.fromCharCode(...Array.from({ length: next(300) }, kind))
    expect(() => judge(candidate)).not.toThrow()
  }
})
