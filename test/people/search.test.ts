import { beforeAll, describe, expect, test } from 'vitest'
import { run, sql } from '../../src/platform/db.ts'
import type { HttpClient } from '../support/http-client.ts'
import { createTestApp } from '../support/test-app.ts'

const app = createTestApp()
let admin: HttpClient

/** Names, addresses and numbers as the office writes them. `e\u0301` and the like are two characters, as a Mac pastes them. */
const people: [name: string, email: string, phone?: string][] = [
  ['Lena Wójcik', 'lw@crew.test', '+44 20 7946 0018'],
  ['Jürgen Müller', 'juergen@crew.test', '020 7946 0321'],
  ['Ame\u0301lie Co\u0302te\u0301', 'amelie.cote@crew.test', '+44 (0)20 7946 0555'],
  ['Zoë Núñez', 'zn_77@crew.test', '0044 161 496 0777'],
  ['Søren Łukasz Øster', 'soren@crew.test', '+1 (212) 555-0142'],
  ['Groß Æbelø', 'gross@crew.test', '+49 151 23456789'],
  ['Shaun O’Neil', 'shaun@crew.test'],
  ["Maura O'Neil", 'maura@crew.test'],
  ['Anna-Lena Dvořák', 'dvorak@b\u00fccher.test'.replace('bücher', 'xn--bcher-kva')],
  ['İpek Yılmaz', 'ipek+north@crew.test'],
  ['Олексій Шевченко', 'sheva@crew.test'],
  ['Σοφία Παπαδάκης', 'sofia@crew.test'],
  ['王小明', 'wang@crew.test'],
  ['Jonas Adler', 'jonas@crew.test'],
  ['Rosa Badley', 'rosa@crew.test'],
  ['Ida Ådland', 'ida@crew.test'],
  ['Adl', 'short@crew.test'],
  ['Hugo 100% Sure', 'hugo@crew.test'],
]

beforeAll(async () => {
  for (const [name, email, phone] of people) await add(name, email, phone)
  admin = await app.as('admin')
})

const add = (name: string, email: string, phone?: string, status = 'active') =>
  run(
    app.db,
    sql`insert into users (name, email, phone, status, role_id)
        values (${name}, ${email}, ${phone}, ${status}, (select id from roles where name = 'Fieldworker'))`,
  )

interface Hit {
  name: string
  email: string
}

async function found(q: string, client = admin): Promise<Hit[]> {
  const { body } = await client.get(`/people.json?q=${encodeURIComponent(q)}`).expect(200)
  return (body as { people: Hit[] }).people
}
const namesFor = async (q: string, client = admin) => (await found(q, client)).map(({ name }) => name)

const inList = async (q: string) => {
  const { text } = await admin.get(`/settings/company/users?q=${encodeURIComponent(q)}`)
  return [...text.matchAll(/<th scope="row">[\s\S]*?<a [^>]*>([^<]+)<\/a>/g)].map(([, name]) =>
    name?.replaceAll('&#39;', "'"),
  )
}

const cases: [what: string, typed: string, names: string[]][] = [
  ['a name without its accents', 'muller', ['Jürgen Müller']],
  ['a name with its accents', 'Müller', ['Jürgen Müller']],
  ['first and last name without accents', 'lena wojcik', ['Lena Wójcik']],
  ['last name first', 'wojcik lena', ['Lena Wójcik']],
  ['last name first, with a comma', 'Wójcik, Lena', ['Lena Wójcik']],
  ['the beginnings of both names', 'wo le', ['Lena Wójcik']],
  ['a stored name with accents apart', 'amélie côté', ['Ame\u0301lie Co\u0302te\u0301']],
  ['a typed name with accents apart', 'nu\u0301n\u0303ez', ['Zoë Núñez']],
  ['ø and ł as o and l', 'soren lukasz oster', ['Søren Łukasz Øster']],
  ['ø and ł as they are, in capitals', 'ØSTER ŁUKASZ', ['Søren Łukasz Øster']],
  ['ß as ss and æ as ae', 'gross aebelo', ['Groß Æbelø']],
  ['ss where ß is meant, and the other way round', 'GROẞ', ['Groß Æbelø']],
  ['the dotted and the dotless i of Turkish', 'ipek yilmaz', ['İpek Yılmaz']],
  ['Cyrillic in lower case', 'шевченко олексій', ['Олексій Шевченко']],
  ['Greek without accents and with another sigma', 'ΠΑΠΑΔΑΚΗΣ σοφια', ['Σοφία Παπαδάκης']],
  ['a part of a Chinese name', '小明', ['王小明']],
  ['a straight apostrophe', "o'neil", ["Maura O'Neil", 'Shaun O’Neil']],
  ['a typographic apostrophe', 'O’Neil', ["Maura O'Neil", 'Shaun O’Neil']],
  ['no apostrophe', 'oneil', ["Maura O'Neil", 'Shaun O’Neil']],
  ['a space for the apostrophe, and the first name', 'o neil sha', ['Shaun O’Neil']],
  ['a hyphen, or a space for it', 'anna-lena', ['Anna-Lena Dvořák']],
  ['a name within a name', 'vor', ['Anna-Lena Dvořák']],
  ['a whole number without its country', '02079460018', ['Lena Wójcik']],
  ['a whole number with its country', '+44 20 7946 0018', ['Lena Wójcik']],
  ['a number with the 0 in brackets', '+44 (0)20 7946-0018', ['Lena Wójcik']],
  ['a number with 00 for the plus', '00442079460018', ['Lena Wójcik']],
  ['a number with its country, stored without', '+44 20 7946 0321', ['Jürgen Müller']],
  ['a number stored with the 0 in brackets', '020 7946 0555', ['Ame\u0301lie Co\u0302te\u0301']],
  ['a number stored with 00 for the plus', '0161 496 0777', ['Zoë Núñez']],
  ['an American number', '(212) 555-0142', ['Søren Łukasz Øster']],
  ['a German mobile number', '0151/23456789', ['Groß Æbelø']],
  ['the last digits of a number', '0018', ['Lena Wójcik']],
  [
    'the first digits of a number',
    '0207946',
    ['Ame\u0301lie Co\u0302te\u0301', 'Jürgen Müller', 'Lena Wójcik'],
  ],
  ['a name and the last digits', 'lena 0018', ['Lena Wójcik']],
  ['a whole address', 'Amelie.Cote@Crew.Test', ['Ame\u0301lie Co\u0302te\u0301']],
  ['the beginning of an address', 'amelie.c', ['Ame\u0301lie Co\u0302te\u0301']],
  ['an address with a sign that means something to a database', 'zn_77@', ['Zoë Núñez']],
  ['an address with a plus', 'ipek+north@crew', ['İpek Yılmaz']],
  ['a domain in its own script', 'dvorak@bücher.test', ['Anna-Lena Dvořák']],
  ['a name and a part of the address', 'dvorak bcher', ['Anna-Lena Dvořák']],
  ['no match in any of them', 'muller lena', []],
  ['only signs', '%_', []],
]

describe('a person is found by', () => {
  test.each(cases)('%s: %s', async (_, typed, names) => {
    expect((await namesFor(typed)).sort()).toEqual([...names].sort())
    expect((await inList(typed)).sort()).toEqual([...names].sort())
  })
})

test('the best hit is first: the whole name, whole words, beginnings, then parts', async () => {
  expect(await namesFor('adl')).toEqual(['Adl', 'Ida Ådland', 'Jonas Adler', 'Rosa Badley'])
  await add('Adl Zimmer', 'zimmer@crew.test')
  expect(await namesFor('ADL')).toEqual(['Adl', 'Adl Zimmer', 'Ida Ådland', 'Jonas Adler', 'Rosa Badley'])
})

test('a name comes before an address, which a whole company may share', async () => {
  for (let n = 0; n < 12; n++) await add(`Aaron ${n}`, `aaron${n}@lindholm.test`)
  await add('Zeno Lindholm', 'zeno@crew.test')
  const hits = await namesFor('lindholm')
  expect(hits).toHaveLength(10)
  expect(hits[0]).toBe('Zeno Lindholm')
  expect(await namesFor('aaron7@lindholm.test')).toEqual(['Aaron 7'])
})

test('a number that ends so comes before one that merely holds it', async () => {
  await add('Aa Middle', 'middle@crew.test', '+44 20 8123 4999')
  await add('Zz Last', 'last@crew.test', '+44 20 8999 8123')
  expect(await namesFor('8123')).toEqual(['Zz Last', 'Aa Middle'])
})

test('a hit has the fields of the contract and no other', async () => {
  await run(
    app.db,
    sql`update users set team_id = (select id from teams where name = 'North') where email = 'lw@crew.test'`,
  )
  const [hit] = await found('lena wojcik')
  const { rows } = await app.db.query(sql`select id from users where email = 'lw@crew.test'`)
  const { id } = rows[0] as { id: string }
  expect(hit).toEqual({
    ...{ id, name: 'Lena Wójcik', email: 'lw@crew.test', phone: '+44 20 7946 0018' },
    ...{ team: 'North', status: 'active', href: `/fieldworkers/${id}` },
  })
  const { body, headers } = await admin.get('/people.json?q=muller').expect(200)
  expect(Object.keys(body as object)).toEqual(['people'])
  expect((body as { people: object[] }).people[0]).toMatchObject({ team: null, phone: '020 7946 0321' })
  expect(headers['cache-control']).toContain('no-store')
})

test('the list that shows all hits has as many as the search says', async () => {
  const { headers } = await admin.get('/people.json?q=lindholm').expect(200)
  expect(headers['x-total-count']).toBe(String((await inList('lindholm')).length))
})

test('nothing typed finds nobody', async () => {
  for (const query of ['', '?q=', '?q=%20', '?q=%00', '?q=a&q=b'])
    expect((await admin.get(`/people.json${query}`).expect(200)).body).toEqual({ people: [] })
})

test('a role for one team finds its own team alone, a role without “View people” nothing', async () => {
  const dispatcher = await app.as('dispatcher')
  expect(await namesFor('otto')).toEqual(['Otto Harbour'])
  expect(await namesFor('otto', dispatcher)).toEqual([])
  expect(await namesFor('sam', dispatcher)).toEqual(['Sam Field'])
  expect((await (await app.as('auditor')).get('/people.json?q=sam')).status).toBe(403)
  expect((await (await app.as('sam')).get('/people.json?q=sam')).status).toBe(403)
  expect((await app.client().get('/people.json?q=sam')).status).toBe(303)
})

test('a dispatcher who finds nobody is told of their own scope', async () => {
  const { text } = await (await app.as('dispatcher')).get('/fieldworkers?q=otto')
  const scope = 'Nobody in North. They may be in another team: ask an Admin.'
  expect(text).toMatch(new RegExp(`<section class="empty">[^]*<p>${scope}\\s*</p>`))
  expect(text).toMatch(new RegExp(`<p class="nobody">${scope}\\s*</p>`))
  expect((await admin.get('/fieldworkers?q=lindqvist')).text).not.toContain('another team')
})
