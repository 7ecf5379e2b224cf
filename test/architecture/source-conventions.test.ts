import { expect, test } from 'vitest'
import { modules } from '../../.config/dependency-cruiser.js'
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

test('SQL is in queries.ts, in the platform and in the embedded database alone', () => {
  const elsewhere = without(source, /\/queries\.ts$|^src\/platform\/|^src\/embedded\/postgres\//)
  expect(findings(elsewhere, /\bsql`|\.query\(/g)).toEqual([])
})

// A table with several writers has a reason: a password is a column of its user, the demo fills an empty database, and
// ending all sessions of an account ends the impersonations in it.
const writers = {
  users: ['auth/invitations', 'auth/passwords', 'auth/sign-in', 'auth/verification', 'embedded', 'people'],
  roles: ['people/roles'],
  saved_views: ['people'],
  teams: ['embedded', 'settings'],
  sessions: ['auth/sessions'],
  session_data: ['auth/sessions'],
  replaced_cookies: ['auth/sessions'],
  impersonations: ['auth/impersonation', 'auth/sessions'],
  known_devices: ['auth/sessions'],
  links: ['auth/links'],
  password_failures: ['auth/passwords'],
  caller_checks: ['auth/passwords'],
  imports: ['people/imports'],
  import_rows: ['people/imports'],
  activity_log: ['activity', 'embedded'],
  activity_checks: ['activity'],
  company: ['activity', 'desk', 'embedded', 'settings'],
  evidence_keys: ['activity'],
  canned_responses: ['campaigns/canned-responses'],
  campaigns: ['campaigns'],
  campaign_people: ['campaigns'],
  campaign_selections: ['campaigns'],
  automations: ['automations'],
  automation_exemptions: ['automations'],
  automation_runs: ['automations'],
  automation_actions: ['automations'],
  emails: ['platform'],
  migrations: ['platform'],
  rate_limits: ['platform'],
  graphile_worker: ['platform'],
}

/** The module that a file belongs to: the longest in the list that its path begins with. */
function moduleOf(file: string): string {
  const around = modules.filter((name) => file.startsWith(`src/${name}/`))
  return around.sort((a, b) => b.length - a.length)[0] ?? 'src'
}

test('a table is written by the modules named here and by no other', () => {
  const found: Record<string, Set<string>> = {}
  for (const [file, text] of source)
    for (const [, table = ''] of text.matchAll(
      /\b(?:insert into|delete from|update(?= \w+(?: \w+)? set\b)) (\w+)/g,
    ))
      (found[table] ??= new Set()).add(moduleOf(file))
  const sorted = Object.entries(found).map(([table, names]) => [table, [...names].sort()])
  expect(Object.fromEntries(sorted)).toEqual(writers)
})

test('the environment is read by server.ts, config.ts and the commands alone', () => {
  const elsewhere = without(source, /^src\/(server|config)\.ts$|^src\/commands\//)
  // The programs of PostgreSQL get ours handed on; nothing is read from it.
  expect(findings(elsewhere, /(?<!\.\.\.)process\.env\b|\.\.\.process\.env\./g)).toEqual([])
})

test('every page has its view, every view its page', () => {
  const text = [...source.values()].join('\n')
  const pages = [...text.matchAll(/\b(?:renderPage\(\s*res,|view:)\s*'([^']+)'/g)].map(
    ([, view]) => `views/${view}.ejs`,
  )
  const emails = [...text.matchAll(/renderView\('(emails\/[^']+)'/g)].map(([, view]) => `views/${view}.ejs`)
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
  const pages = without(views, /^views\/emails\//)
  const inline =
    /\sstyle=|\son[a-z]+=|\b(?:src|href)=["']?(?:data|javascript):|<style\b|<script\b(?![^>]*\ssrc=)/g
  expect(findings(pages, inline)).toEqual([])
})

test('every word that a person typed is escaped: only partials, icons and the page itself are put in raw', () => {
  const pages = without(views, /^views\/emails\//)
  expect(
    findings(pages, /<%-(?! (?:include\(|icon\(|withOfficePhone\(|body %>|mark\[kind\] %>)).*?%>/g),
  ).toEqual([])
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
