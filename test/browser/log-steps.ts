import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import { expect } from 'vitest'
import { Db, run, sql } from '../../src/platform/db.ts'
import type { Person, BrowserTestApp } from '../support/browser.ts'

export const network = '198.51.100.7'

/** Entries that no test creates: more than a page of sign-ins, a lost phone, and an Owner who impersonates the Auditor. */
export async function fillLog(app: BrowserTestApp) {
  const db = new Db(app.database)
  const person = (email: string) => sql`select id, name, email from users where email = ${email}`
  await run(
    db,
    sql`insert into activity_log (event, category, actor_id, actor_name, actor_email, subject_id, subject_name, subject_email, ip)
        select 'sign_in', 'security', w.id, w.name, w.email, w.id, w.name, w.email, ${network}
        from (${person('worker9@demo.test')}) w, generate_series(1, 60)`,
  )
  await run(
    db,
    sql`insert into activity_log (event, category, actor_id, actor_name, actor_email, subject_id, subject_name, subject_email, ip, details)
        select 'sessions_ended', 'security', a.id, a.name, a.email, w.id, w.name, w.email, ${network}, '{"count": 2, "reason": "lost phone"}'
        from (${person('admin@demo.test')}) a, (${person('worker9@demo.test')}) w`,
  )
  await run(
    db,
    sql`insert into activity_log (event, category, actor_id, actor_name, actor_email, impersonator_id, impersonator_email, ip, details)
        select 'activity_exported', 'security', a.id, a.name, a.email, o.id, o.email, ${network},
          '{"format": "csv", "rows": 212, "complete": true, "filter": {"category": "security", "from": "2026-03-01", "to": "2026-03-09"}}'
        from (${person('auditor@demo.test')}) a, (${person('owner@demo.test')}) o`,
  )
  await db.close()
}

const savedCookies = new Map<string, Awaited<ReturnType<Person['context']['cookies']>>>()

/** An office user who signs in once and stays signed in, in every browser of the tests. */
export async function officeUser(
  app: BrowserTestApp,
  email: string,
  traits: Parameters<BrowserTestApp['person']>[0],
) {
  const person = await app.person(traits)
  const cookies = savedCookies.get(email)
  if (cookies) await person.context.addCookies(cookies)
  else expect(await person.signIn(email)).toBe(303)
  await person.goTo('/activity-log')
  savedCookies.set(email, await person.context.cookies())
  return person
}

/** Opens the details of the newest entry, and scrolls to the top, because a target half under the header is hard to click. */
export async function openDetails(person: Person) {
  await person.page.locator('.log summary').first().press('Space')
  await person.page.evaluate('scrollTo(0, 0)')
}

/** Fills in fields of the filter, opens it if it is folded, and submits it with Enter. */
export async function filter(person: Person, fields: Record<string, string>) {
  if (!(await person.field('Event').isVisible())) await person.page.locator('.fold > summary').click()
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'Event') await person.field(name).selectOption({ label: value })
    else await person.field(name).fill(value)
  }
  const last = Object.keys(fields).at(-1) ?? ''
  await waitForPageLoad(person, () =>
    last === 'Event' ? person.button('Apply').click() : person.field(last).press('Enter'),
  )
}

/** Runs an action that opens another page, and waits for that page. */
export const waitForPageLoad = (person: Person, press: () => Promise<void>) =>
  Promise.all([person.page.waitForEvent('load'), press()])

export const entries = (person: Person) => person.page.locator('.log tbody tr:not(.day)')

/** "3 entries match", as a number. */
export async function matching(person: Person): Promise<number> {
  const statusText = await person.page.getByRole('status').filter({ hasText: /match/ }).innerText()
  return Number(/^\d+/.exec(statusText)?.[0])
}

export async function download(person: Person, press: string) {
  const [file] = await Promise.all([person.page.waitForEvent('download'), person.link(press).click()])
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) }
}

export const rowsOf = (csv: Buffer): Record<string, string>[] => parse(csv, { columns: true, bom: true })
