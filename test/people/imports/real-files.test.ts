import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, run, sql } from '../../../src/platform/db.ts'
import { rowsOf } from '../../support/csv.ts'
import { createTestApp } from '../../support/test-app.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'

const app = createTestApp()
const route = '/fieldworkers/import'
let admin: HttpClient
let files = 0

beforeAll(async () => {
  admin = await app.as('admin')
  await run(app.db, sql`insert into teams (name) values ('Équipe Élan')`)
})
beforeEach(() => run(app.db, sql`delete from rate_limits`))

/** What the dry run says of a file, or why it was not read; then everybody of its domain, once they are taken in. */
async function imported(make: (at: string) => string | Buffer) {
  const at = `real${++files}.test`
  const answer = await admin.upload(route, make(at))
  if (answer.status !== 303) return { said: textOf(answer.text), status: answer.status, people: [] }
  const place = answer.headers.location ?? ''
  const said = textOf((await admin.get(place)).text)
  await admin.post(`${place}/start`, {}, '/account')
  await app.runJobs()
  return { said, status: 303, people: await peopleAt(at) }
}

const Person = z.object({
  name: z.string(),
  email: z.string(),
  phone: z.string().nullable(),
  team: z.string().nullable(),
})
const peopleAt = (at: string) =>
  many(
    app.db,
    Person,
    sql`select u.name, email, phone, t.name as team from users u left join teams t on t.id = u.team_id
        where email like ${`%@${at}`} order by email`,
  )

const ada = (at: string) => ({
  name: 'Ada Brandt',
  email: `ada@${at}`,
  phone: '+44 20 7946 0018',
  team: 'North',
})

/** The same two people in files as programs and people make them. */
const shapes: [what: string, make: (at: string) => string][] = [
  [
    'empty columns at the end',
    (at) => `name,email,phone,team,,\nAda Brandt,ada@${at},+44 20 7946 0018,North,,\nBas,bas@${at},,,,\n`,
  ],
  [
    'short rows',
    (at) => `name,email,phone,team\nAda Brandt,ada@${at},+44 20 7946 0018,North\nBas,bas@${at}\n`,
  ],
  [
    'lines of commas, blank and empty',
    (at) =>
      `,,,\nname,email,phone,team\n\n,,,\nAda Brandt,ada@${at},+44 20 7946 0018,North\n  \n ,\t, ,\nBas,bas@${at},,\n,,,\n\n`,
  ],
  [
    'sep=; in front',
    (at) =>
      `sep=;\r\nname;email;phone;team\r\nAda Brandt;ada@${at};+44 20 7946 0018;North\r\nBas;bas@${at};;\r\n`,
  ],
  [
    '"SEP=|" in front',
    (at) => `"SEP=|"\nname|email|phone|team\nAda Brandt|ada@${at}|+44 20 7946 0018|North\nBas|bas@${at}||\n`,
  ],
  [
    'tabs',
    (at) => `name\temail\tphone\tteam\nAda Brandt\tada@${at}\t+44 20 7946 0018\tNorth\nBas\tbas@${at}\t\t\n`,
  ],
  [
    'semicolons and a comma in the header',
    (at) =>
      `"Name, full";E-mail;Phone;Team\nAda Brandt;ada@${at};+44 20 7946 0018;North\nBas;bas@${at};;\n`.replace(
        '"Name, full"',
        'Full Name',
      ),
  ],
  [
    'line ends of an old Macintosh',
    (at) => `name,email,phone,team\rAda Brandt,ada@${at},+44 20 7946 0018,North\rBas,bas@${at},,\r`,
  ],
  [
    'Full Name, E-mail, Telephone, Crew',
    (at) => `Full Name,E-mail,Telephone,Crew\nAda Brandt,ada@${at},+44 20 7946 0018,North\nBas,bas@${at},,\n`,
  ],
  [
    'EMAIL ADDRESS, phone_number, Branch, Employee Name',
    (at) =>
      `EMAIL ADDRESS,phone_number,Branch,Employee Name\nada@${at},+44 20 7946 0018,North,Ada Brandt\nbas@${at},,,Bas\n`,
  ],
  [
    'First name and Surname',
    (at) =>
      `Surname,First name,Mobile no.,Mail,Group\nBrandt,Ada,+44 20 7946 0018,ada@${at},North\n,Bas,,bas@${at},\n`,
  ],
  [
    'Last Name, Given Name, Cell',
    (at) =>
      `Last Name,Given Name,Cell,Work e-mail,Team name\nBrandt,Ada,+44 20 7946 0018,ada@${at},North\n,Bas,,bas@${at},\n`,
  ],
  [
    'no-break spaces',
    (at) =>
      `\u00a0name\u00a0,e\u00a0mail,phone,team\n\u00a0Ada\u00a0Brandt,\u00a0ada@${at}\u00a0,+44\u00a020\u00a07946\u00a00018,North\u00a0\nBas\u00a0,bas@${at},\u00a0,\u00a0\n`,
  ],
  [
    'columns of other programs',
    (at) =>
      `Employee No,Name,Job title,Email,Phone,Team,Start date\n17,Ada Brandt,"Fitter, senior",ada@${at},+44 20 7946 0018,North,2026-01-01\n18,Bas,,bas@${at},,,\n`,
  ],
  [
    'line breaks and quotes in cells that are not used',
    (at) =>
      `name,notes,email,phone,team\nAda Brandt,"two\r\nlines, ""quoted""",ada@${at},+44 20 7946 0018,North\nBas,5" pipe,bas@${at},,\n`,
  ],
  [
    'the department as the team',
    (at) => `name,email,phone,Department\nAda Brandt,ada@${at},+44 20 7946 0018,north\nBas,bas@${at},,\n`,
  ],
]

describe('a file as people have it', () => {
  test.each(shapes)('is read: %s (fault 33)', async (_what, make) => {
    const { people, said } = await imported(make)
    expect(said).toContain('Import and invite 2 people')
    expect(people).toEqual([
      ada(`real${files}.test`),
      { name: 'Bas', email: `bas@real${files}.test`, phone: null, team: null },
    ])
  })

  test('may hold names and addresses alone (fault 33)', async () => {
    const { people } = await imported((at) => `email,name\nada@${at},Ada\n`)
    expect(people).toMatchObject([{ name: 'Ada', phone: null, team: null }])
  })

  const text = (at: string) => `name,email,team\r\nZoë “Zed” Ægir,zoe@${at},équipe élan\r\n`
  const big = (le: Buffer) => Buffer.from(le).swap16()
  test.each<[what: string, told: string | null, make: (at: string) => Buffer]>([
    ['UTF-8', null, (at) => Buffer.from(text(at))],
    ['UTF-8 with its mark', null, (at) => Buffer.from(`\ufeff${text(at)}`)],
    ['UTF-16 with its mark', 'UTF-16', (at) => Buffer.from(`\ufeff${text(at)}`, 'utf16le')],
    ['UTF-16 of another machine', 'UTF-16', (at) => big(Buffer.from(`\ufeff${text(at)}`, 'utf16le'))],
    ['UTF-16 without a mark', 'UTF-16', (at) => Buffer.from(text(at), 'utf16le')],
    ['UTF-16 of another machine without a mark', 'UTF-16', (at) => big(Buffer.from(text(at), 'utf16le'))],
    ['Windows-1252', 'Windows-1252', (at) => inWindows1252(text(at))],
  ])('may be in %s, and what was taken for it is told (fault 33)', async (_what, told, make) => {
    const { people, said } = await imported(make)
    expect(people).toMatchObject([{ name: 'Zoë “Zed” Ægir', team: 'Équipe Élan' }])
    if (told) expect(said).toContain(`the text is ${told}`)
    else expect(said).not.toContain('the text is')
  })

  test('is told as it was understood: what is which column, what is not used, how cells are parted (fault 33)', async () => {
    const { said } = await imported(
      (at) => `Full Name;Mail;Mobile;Crew;Language;Shoe size\nAda;ada@${at};;;pl;43\n`,
    )
    for (const told of [
      '“Full Name” is the name',
      '“Mail” is the email',
      '“Mobile” is the phone',
      '“Crew” is the team',
    ])
      expect(said).toContain(told)
    expect(said).toContain('“Language” is the language, which is not used yet')
    expect(said).toContain('Not used: “Shoe size”')
    expect(said).toContain('Cells are separated by semicolons')
  })

  test.each([
    ['two addresses', 'Name,Email,E-mail\n', '2 columns contain the email: “Email”, “E-mail”. Keep one'],
    ['two phones', 'Name,Email,Phone,Mobile\n', '2 columns contain the phone: “Phone”, “Mobile”. Keep one'],
    ['two teams', 'Name,Email,Crew,Branch\n', '2 columns contain the team: “Crew”, “Branch”. Keep one'],
    ['the same name twice', 'name,email,name\n', '2 columns contain the name: “name”, “name”. Keep one'],
    ['a name beside a first name', 'Name,First name,Email\n', '“Name” and “First name” both hold names'],
    ['no address', 'Name,Phone\n', 'It has no column for the email: “Name”, “Phone”'],
    ['neither', 'Shoe,Size\n', 'It has no column for the name and none for the email: “Shoe”, “Size”'],
    ['a person', 'Ada,ada@x.test,,\n', 'It seems to contain a person: add a line'],
    ['nothing', '\n,,,\n', 'it is empty'],
  ])(
    'is refused with words that help where the first line names %s (fault 33)',
    async (_what, header, why) => {
      const { status, said } = await imported(() =>
        `${header}a,b@c.test,d,e\n`.slice(0, header.startsWith('\n') ? 5 : undefined),
      )
      expect([status, said]).toEqual([422, expect.stringContaining(why)])
    },
  )

  test('with a name beside both its parts is read by the name (fault 33)', async () => {
    const { people } = await imported(
      (at) => `Name,First name,Last name,Email\nAda B.,Ada,Brandt,ada@${at}\n`,
    )
    expect(people).toMatchObject([{ name: 'Ada B.' }])
  })

  test('names each row by its line, blank lines and sep= counted (fault 33)', async () => {
    const at = `real${++files}.test`
    const file = `sep=,\r\n\r\nname,email\r\n,,\r\n"Two\r\nlines",x@${at}\r\n\r\nBad,nowhere\r\nGood,good@${at}\r\nA,b,c\r\n`
    const answer = await admin.upload(route, file)
    const { text } = await admin.get(answer.headers.location ?? '')
    expect([...text.matchAll(/<th scope="row">(\d+)</g)].map(([, line]) => line)).toEqual(['5', '8', '10'])
  })

  test('tells all that is wrong with a row at once (fault 29)', async () => {
    const { said } = await imported(
      (at) => `name,email,phone,team\n,nowhere,call me,Southern\nAda,ada@${at},,\n`,
    )
    const row = [
      'The name is missing',
      'Enter an address such as',
      'Enter a phone number such as',
      'no team “Southern”',
    ]
    for (const why of row) expect(said).toContain(why)
  })
})

describe('our own exports', () => {
  test.each(['/fieldworkers.csv', '/settings/company/users.csv'])(
    'of %s are read again (faults 33, 34)',
    async (list) => {
      const at = `real${++files}.test`
      const odd = ['=cmd|calc', '+Plus', '0800 Reverse', "'007", "'=quoted", "O'Brien"]
      for (const [i, name] of odd.entries())
        await run(
          app.db,
          sql`insert into users (name, email, phone, role_id, team_id) values (${name}, ${`=${i}@${at}`}, '0400 123 456',
              (select id from roles where name = 'Fieldworker'), (select id from teams where name = 'North'))`,
        )
      const before = await peopleAt(at)
      const csv = (await admin.get(`${list}?q=${at}`).expect(200)).text
      for (const row of rowsOf(csv)) expect(row.phone).toBe("'0400 123 456")
      await run(app.db, sql`delete from users where email like ${`%@${at}`}`)
      const answer = await admin.upload(route, csv)
      const place = answer.headers.location ?? ''
      expect(textOf((await admin.get(place)).text)).toContain('Not used: “id”, “role”, “status”')
      await admin.post(`${place}/start`, {}, '/account')
      await app.runJobs()
      expect(await peopleAt(at)).toEqual(before)
    },
  )

  test.each(['/activity-log.csv', '/fieldworkers.csv', '/settings/company/users.csv'])(
    'begin with the mark by which Excel knows UTF-8, once: %s (fault 34)',
    async (list) => {
      const auditor = await app.as('owner')
      const { text } = await auditor.get(list).expect(200)
      expect([text.charCodeAt(0), text.lastIndexOf('\ufeff')]).toEqual([0xfeff, 0])
      expect(Object.keys(rowsOf(text)[0] ?? {})[0]).toBe('id')
    },
  )

  test.each([
    ['0400 123 456', "'0400 123 456"],
    ['00 61 400 123', "'00 61 400 123"],
    ['\u00a007', "'\u00a007"],
    ["'0400", "''0400"],
    ["'=1+1", "''=1+1"],
    ['0', '0'],
    ['0.5', '0.5'],
    ['Oh 7', 'Oh 7'],
    ["O'Brien", "O'Brien"],
    ["'Twas", "'Twas"],
  ])('guard what a spreadsheet would take a 0 from, and no more: %j (fault 34)', async (value, cell) => {
    const rows = await many(app.db, z.object({ cell: z.string() }), sql`select csv_cell(${value}) as cell`)
    expect(rows).toEqual([{ cell }])
  })
})

describe('a phone that a spreadsheet spoiled', () => {
  test.each(['6,14E+10', '6.14E+10', '6.14001E+10', '4E+08', '4e8'])(
    'is told and left out, and the person is taken: %s (fault 34)',
    async (phone) => {
      const { said, people } = await imported((at) => `name;email;phone\nAda;ada@${at};${phone}\n`)
      expect(said).toContain(`A spreadsheet turned the phone into ${phone}, so it is left out`)
      expect(said).toContain('1 row to look at')
      expect(people).toMatchObject([{ name: 'Ada', phone: null }])
    },
  )

  test.each(['400123456', '7700900123', '61400123456', '2079460018'])(
    'is told and taken as it is where it may have lost its 0: %s (fault 34)',
    async (phone) => {
      const { said, people } = await imported((at) => `name,email,phone\nAda,ada@${at},${phone}\n`)
      expect(said).toContain(`The phone ${phone} may have lost its 0 or + in a spreadsheet`)
      expect(people).toMatchObject([{ phone }])
    },
  )

  test.each([
    '0400123456',
    '+61400123456',
    '(02) 9999 0000',
    '555-123-4567',
    '0061 400 123 456',
    "'0400123456",
    '112',
  ])('is not told of where nothing is lost: %s (fault 34)', async (phone) => {
    const { said, people } = await imported((at) => `name,email,phone\nAda,ada@${at},${phone}\n`)
    expect(said).not.toContain('to look at')
    expect(people).toMatchObject([{ phone: phone.replace("'", '') }])
  })
})

/** As Excel saves a CSV in Western Europe. */
function inWindows1252(text: string): Buffer {
  const others: Record<string, number> = { '“': 0x93, '”': 0x94 }
  return Buffer.from([...text].map((email) => others[email] ?? email.charCodeAt(0)))
}
