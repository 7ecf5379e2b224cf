import { describe, expect, test } from 'vitest'
import { isCommonPassword } from '../../../src/auth/passwords/blocklist.ts'
import { contextWordsOf, validatePassword } from '../../../src/auth/passwords/policy.ts'
import { createTestApp } from '../../support/test-app.ts'
import { password as usual } from '../../support/people.ts'
import { textOf } from '../../support/http-client.ts'

const app = createTestApp()
const fullWidth = (text: string) =>
  text.replace(/[!-~]/g, (char) => String.fromCodePoint(char.codePointAt(0)! + 0xfee0))
const bold = (text: string) =>
  text.replace(/[a-z]/g, (char) => String.fromCodePoint(0x1d41a + char.charCodeAt(0) - 97))
const inCircles = (text: string) =>
  text.replace(/[a-z]/g, (char) => String.fromCodePoint(0x24d0 + char.charCodeAt(0) - 97))
const between = (text: string, what: string) => [...text].join(what)

const disguises: [string, (text: string) => string][] = [
  ['with a space before', (text) => ` ${text}`],
  ['with a space behind', (text) => `${text} `],
  ['with three on both sides', (text) => `   ${text}   `],
  ['with a no-break space behind', (text) => `${text}\u00a0`],
  ['with a narrow no-break space before', (text) => `\u202f${text}`],
  ['with an ideographic space behind', (text) => `${text}\u3000`],
  ['with an em space behind', (text) => `${text}\u2003`],
  ['with a line separator behind', (text) => `${text}\u2028`],
  ['in full width', fullWidth],
  ['in full width and capitals', (text) => fullWidth(text.toUpperCase())],
  ['in mathematical bold', bold],
  ['in circled characters', inCircles],
  ['with a long s', (text) => text.replaceAll('s', '\u017f')],
  ['with a Kelvin sign for k', (text) => text.replaceAll('k', '\u212a')],
  ['with a zero-width space behind', (text) => `${text}\u200b`],
  ['with zero-width joiners between', (text) => between(text, '\u200d')],
  ['with soft hyphens between', (text) => between(text, '\u00ad')],
  ['with a byte order mark before', (text) => `\ufeff${text}`],
  ['with a word joiner between', (text) => between(text, '\u2060')],
  ['with a mark of direction before', (text) => `\u202e${text}`],
  ['with a selector behind', (text) => `${text}\ufe0f`],
  ['with a Hangul filler behind', (text) => `${text}\u3164`],
  ['with several of these at once', (text) => `\u200b \u00a0${fullWidth(text)}\ufeff  `],
]

const maria = contextWordsOf({
  name: 'María Strauß',
  email: 'maria.strauss@acme.test',
  companyName: 'Acme Field',
  extra: ['Roadrunner'],
})
const judge = (candidate: string) => validatePassword(candidate, { minLength: 12, contextWords: maria })

describe('a common password is refused', () => {
  test.each(disguises)('%s (fault 16)', (_, disguise) => {
    for (const listed of [
      '123qweasdzxc',
      'qwertyuiopasdf',
      'passwordpassword',
      'sunshine2024',
      '1234567890123',
    ])
      expect([listed, judge(disguise(listed))]).toEqual([listed, expect.stringContaining('guessed first')])
  })

  test.each(['\u200b', '\u3164', '\u00a0', '\u3000', '\ufeff\u2060'])(
    'made of invisible characters only: %j repeated (fault 16)',
    (unseen) => {
      expect(judge(unseen.repeat(12))).toContain('guessed first')
    },
  )

  test('with its words further apart than in the list (fault 16)', () => {
    for (const candidate of ['dragon  dragon', 'dragon\u00a0\u00a0dragon', 'dragon \u200b dragon'])
      expect([candidate, isCommonPassword(candidate)]).toEqual([candidate, true])
  })
})

describe('a password of little more than a name or the company is refused', () => {
  test.each(disguises)('%s (fault 16)', (_, disguise) => {
    for (const word of [
      'mariastrauss',
      'acmefieldacme',
      'maria.strauss@acme.test',
      'fieldkey12345',
      'roadrunner12',
    ])
      expect([word, judge(disguise(word))]).toEqual([word, expect.stringContaining('little more than')])
  })

  test('with the ß of a name as ss or ß, and after many spaces (fault 16)', () => {
    for (const candidate of [
      'MariaStrauß99',
      'MARIASTRAUSS99',
      'maria strauss         ',
      '\u200b'.repeat(12) + 'maria',
    ])
      expect([candidate, judge(candidate)]).toEqual([candidate, expect.stringContaining('little more than')])
  })
})

test.each([
  'acme-otter-violin-trunk-7',
  'password is not enough',
  `  ${'violin trunk harvest'}  `,
  `${' '.repeat(15)}q`,
  fullWidth('violin trunk harvest'),
  '\u{1F468}\u200d\u{1F527}'.repeat(4),
  'correct horse battery staple x',
  'xpassword1234 ',
])('the whole is compared, so %j is accepted (fault 16)', (candidate) => {
  expect(judge(candidate)).toBeNull()
})

test('on the page that sets a password, and what is stored stays exact (fault 16)', async () => {
  const who = await app.createUser({ name: 'Fay Folded', role: 'Fieldworker' })
  const client = await app.signIn(who)
  const choose = (newPassword: string, currentPassword = usual) =>
    client.post('/account/password', { currentPassword, newPassword, confirmPassword: newPassword })
  for (const candidate of [
    ' 123qweasdzxc',
    '123qweasdzxc\u00a0',
    fullWidth('123qweasdzxc'),
    ' fayfolded2024 ',
  ]) {
    const answer = await choose(candidate)
    expect([candidate, answer.status]).toEqual([candidate, 422])
    expect(textOf(answer.text)).toContain('guessed first')
  }
  const chosen = `  ${fullWidth('violin')} trunk\u00a0harvest\u200b 58 `
  expect((await choose(chosen)).status).toBe(303)
  for (const other of [
    chosen.trim(),
    chosen.normalize('NFKC'),
    chosen.replace('\u200b', ''),
    chosen.replace('\u00a0', ' '),
  ])
    await expect(app.signIn(who, false, other)).rejects.toThrow('422')
  await app.signIn(who, false, chosen)
})

test.each([
  ['a space behind', (text: string) => `${text} `],
  ['a doubled space', (text: string) => text.replace(' ', '  ')],
  ['a no-break space', (text: string) => text.replace(' ', '\u00a0')],
  ['capitals', (text: string) => text.toUpperCase()],
  ['full width', fullWidth],
  ['a zero-width space', (text: string) => `\u200b${text}`],
])('a password that the office gave is not chosen again with %s (fault 16)', async (_what, disguise) => {
  const who = await app.createUser({ name: 'Tess Temporary', role: 'Fieldworker' })
  const given = 'copper lantern meadow 7'
  const admin = await app.as('admin')
  const fields = { newPassword: given, confirmPassword: given, temporary: 'on' }
  expect((await admin.post(`/users/${who.id}/password`, fields)).status).toBe(303)
  const client = await app.signIn(who, false, given)
  const newPassword = disguise(given)
  const choice = { currentPassword: given, newPassword, confirmPassword: newPassword }
  const answer = await client.post('/account/password', choice)
  expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining('Choose another one')])
  await app.signIn(who, false, given)
})
