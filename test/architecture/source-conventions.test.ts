import { expect, test } from 'vitest'
import { files } from '../support/files.ts'

const source = files('src', /\.ts$/)
const views = files('views', /\.ejs$/)

/** `file: what was found` for every match, so that a failure says where to look. */
function findings(where: Map<string, string>, what: RegExp): string[] {
  return [...where].flatMap(([file, text]) => [...text.matchAll(what)].map(([found]) => `${file}: ${found}`))
}

const without = (where: Map<string, string>, exempt: RegExp) =>
  new Map([...where].filter(([file]) => !exempt.test(file)))

test('the files are there to be looked at', () => {
  expect(source.size).toBeGreaterThan(70)
  expect(views.size).toBeGreaterThan(30)
})

test('SQL stands in queries.ts and in the foundation alone', () => {
  const elsewhere = without(source, /\/queries\.ts$|^src\/foundation\//)
  expect(findings(elsewhere, /\bsql`|\.query\(/g)).toEqual([])
})

// Whoever else may write a table has its reason: a password is a column of its user, a demo fills an empty house,
// and whoever ends all sessions of an account notes that nobody is to go on working in it.
const writers = {
  users: ['demo', 'invitations', 'passwords', 'people', 'sign-in', 'verification'],
  roles: ['roles'],
  teams: ['demo', 'settings'],
  sessions: ['sessions'],
  session_data: ['sessions'],
  replaced_cookies: ['sessions'],
  impersonations: ['impersonation', 'sessions'],
  known_devices: ['sessions'],
  links: ['links'],
  password_failures: ['passwords'],
  imports: ['imports'],
  import_rows: ['imports'],
  activity_log: ['activity', 'demo'],
  activity_checks: ['activity'],
  company: ['activity', 'settings'],
  evidence_keys: ['activity'],
  canned_responses: ['canned-responses'],
  campaigns: ['campaigns'],
  campaign_people: ['campaigns'],
  campaign_choices: ['campaigns'],
  automations: ['automations'],
  automation_exemptions: ['automations'],
  automation_runs: ['automations'],
  automation_deeds: ['automations'],
  letters: ['foundation'],
  migrations: ['foundation'],
  rate_limits: ['foundation'],
  graphile_worker: ['foundation'],
}

test('a table is written by the rooms named here and by no other', () => {
  const found: Record<string, Set<string>> = {}
  for (const [file, text] of source)
    for (const [, table = ''] of text.matchAll(
      /\b(?:insert into|delete from|update(?= \w+(?: \w+)? set\b)) (\w+)/g,
    ))
      (found[table] ??= new Set()).add(file.split('/')[1] ?? '')
  const sorted = Object.entries(found).map(([table, rooms]) => [table, [...rooms].sort()])
  expect(Object.fromEntries(sorted)).toEqual(writers)
})

test('the environment is read at the roof alone', () => {
  const rooms = without(source, /^src\/(server|config)\.ts$|^src\/commands\//)
  // The programs of PostgreSQL get ours handed on; nothing is read from it.
  expect(findings(rooms, /(?<!\.\.\.)process\.env\b|\.\.\.process\.env\./g)).toEqual([])
})

test('every page has its view, every view its page', () => {
  const text = [...source.values()].join('\n')
  const pages = [...text.matchAll(/\b(?:page\(\s*res,|view:)\s*'([^']+)'/g)].map(
    ([, view]) => `views/${view}.ejs`,
  )
  const emails = [...text.matchAll(/'(letter\.\w+\.ejs)'/g)].map(([, view]) => `views/letters/${view}`)
  const shown = new Set([
    'views/layouts/main.ejs',
    'views/layouts/auth.ejs',
    'views/layouts/mobile.ejs',
    ...pages,
    ...emails,
  ])
  for (const view of shown) for (const part of partsOf(views.get(view) ?? '')) shown.add(part)
  expect([...shown].sort()).toEqual([...views.keys()])
})

/** The parts that a view includes, by a path from the views folder. */
function partsOf(view: string): string[] {
  return [...view.matchAll(/include\('\/([^']+)'/g)].map(([, part = '']) =>
    part.endsWith('.ejs') ? `views/${part}` : `views/${part}.ejs`,
  )
}

test('pages hold no style, script or data of their own: the security policy would stop them', () => {
  const pages = without(views, /^views\/letters\//)
  const inline =
    /\sstyle=|\son[a-z]+=|\b(?:src|href)=["']?(?:data|javascript):|<style\b|<script\b(?![^>]*\ssrc=)/g
  expect(findings(pages, inline)).toEqual([])
})

test('every word that a person typed is escaped: only parts, icons and the page itself are put in raw', () => {
  const pages = without(views, /^views\/letters\//)
  expect(findings(pages, /<%-(?! (?:include\(|icon\(|body %>|mark\[kind\] %>)).*?%>/g)).toEqual([])
})

test('no file or folder has a name that says nothing', () => {
  const names = [...source.keys(), ...files('test').keys(), ...views.keys()]
  const vague = /(^|\/)(utils?|helpers?|common|services?|types|misc|shared|lib|index)(\.\w+)?(\/|$)/
  expect(names.filter((name) => vague.test(name))).toEqual([])
})

test('no file names somebody’s machine, or a registry', () => {
  const all = files('.')
  expect(all.size).toBeGreaterThan(150)
  expect(findings(all, /(?<![\w.])\/(?:home|Users|root|work)\/\w+|[A-Z]:\\Users\\/g)).toEqual([])
  expect(
    findings(files('.', /\/package-lock\.json$/), /"resolved": "(?!https:\/\/registry\.npmjs\.org\/).*/g),
  ).toEqual([])
})
