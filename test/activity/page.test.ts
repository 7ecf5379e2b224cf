import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { record } from '../../src/activity/record.ts'
import { one, run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import type { TestUser } from '../support/people.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()
let auditor: HttpClient
let admin: HttpClient

const by = (actor: TestUser | null) => ({
  actor,
  ip: '203.0.113.24',
  userAgent: null,
  requestId: 'A1B2C3D4E5',
})
const note = (about: TestUser, note: string) =>
  app.db.transaction(async (tx) =>
    record(tx, by(null), {
      event: 'sign_in_failed',
      subject: about,
      details: { reason: 'wrong_password', note },
    }),
  )

beforeAll(async () => {
  auditor = await app.as('auditor')
  admin = await app.as('admin')
  for (let i = 1; i <= 120; i++) await note(app.cast.otto, `reason number ${i}.`)
})

const entriesOn = (html: string) =>
  [...html.matchAll(/<dt>Entry<\/dt><dd>([\d,]+)</g)].map(([, seq = '']) => Number(seq.replaceAll(',', '')))
const link = (html: string, rel: 'prev' | 'next') =>
  new RegExp(`<a class="button" href="([^"]+)" rel="${rel}"`).exec(html)?.[1]?.replaceAll('&amp;', '&')

describe('the page', () => {
  test('tells newest first, in sentences, who did what to which account', async () => {
    const { sam } = app.cast
    const choice = {
      newPassword: 'violin trunk harvest 58 otter',
      confirmPassword: 'violin trunk harvest 58 otter',
    }
    await admin.post(`/users/${sam.id}/password`, { ...choice, mustChange: '1', returnTo: '/fieldworkers' })
    const page = textOf((await auditor.get('/activity-log')).text)
    expect(page).toContain(
      'Dana Admin changed the password of Sam Field Temporary, from the fieldworker list.',
    )
    expect(page).toContain('Nobody can edit or delete the entries')
    expect(page.indexOf('changed the password')).toBeLessThan(page.indexOf('Sign-in as Otto Harbour failed'))
  })

  test('names the event in words, and keeps its code in the details', async () => {
    const html = (await auditor.get('/activity-log?event=sign_in_failed')).text
    expect(html).toMatch(/<a href="\/activity-log\?event=sign_in_failed">Sign-in failed<\/a>/)
    expect(textOf(html)).toContain('Event security, sign_in_failed')
  })

  test('is paged by fifty, on and back again, within a filter as without', async () => {
    for (const first of ['/activity-log', `/activity-log?event=sign_in_failed&about=${app.cast.otto.id}`]) {
      const on: number[][] = []
      const addresses: string[] = []
      for (let address: string | undefined = first; address;) {
        const html: string = (await auditor.get(address).expect(200)).text
        on.push(entriesOn(html))
        addresses.push(address)
        address = link(html, 'next')
      }
      expect(on.flat()).toEqual([...on.flat()].sort((a, b) => b - a))
      expect(on.slice(0, -1).map(({ length }) => length)).toEqual(on.slice(0, -1).map(() => 50))
      expect(on.flat().length).toBeGreaterThanOrEqual(120)
      const back = [addresses.at(-1) ?? '']
      for (let address = link((await auditor.get(back[0] ?? '')).text, 'prev'); address;) {
        back.push(address)
        address = link((await auditor.get(address).expect(200)).text, 'prev')
      }
      expect(back.reverse()).toEqual(addresses)
    }
  })

  test('counts what matches', async () => {
    const { text } = await auditor.get(`/activity-log?about=otto@firm.test&event=sign_in_failed`)
    expect(textOf(text)).toContain('120 entries match')
    expect(textOf((await auditor.get('/activity-log?q=reason%20number%207.')).text)).toContain(
      '1 entry matches',
    )
    expect(textOf((await auditor.get('/activity-log?q=zebra')).text)).toContain('No entry matches')
  })

  test.each([
    ['category=security', /Show all/],
    ['event=sign_in', /<option value="sign_in" selected>/],
    ['actor=dana', /name="actor" type="\w+" value="dana"/],
    ['about=Otto+Harbour', /name="about" type="\w+" value="Otto Harbour"/],
    ['from=2026-01-02', /name="from" type="\w+" value="2026-01-02"/],
    ['to=2030-01-02', /name="to" type="\w+" value="2030-01-02"/],
    ['ip=203.0.113.24', /name="ip" type="\w+" value="203.0.113.24"/],
    ['q=number', /name="q" value="number"/],
  ])('keeps the filter %s in the address, the form and every way on', async (filter, typed) => {
    const { text } = await auditor.get(`/activity-log?${filter}`).expect(200)
    expect(text).toMatch(typed)
    expect(text).toContain(`href="/activity-log.csv?${filter}"`)
    expect(text).toContain(`href="/activity-log/evidence.zip?${filter}"`)
    const older = link(text, 'next')
    if (older) expect(older).toContain(filter)
    const chip = /class="chip" href="([^"]+)"[^>]*>Account</.exec(text)?.[1] ?? ''
    const others = filter.startsWith('category') || filter.startsWith('event') ? [] : [filter]
    expect(chip.replaceAll('&amp;', '&').split('?')[1]?.split('&').sort()).toEqual(
      ['category=account', ...others].sort(),
    )
  })

  test.each([
    ['ip=1.2.3', 'ip', 'Enter one whole address, such as 203.0.113.24.'],
    ['from=0000-01-01', 'from', 'Enter a day as year-month-day, such as 2026-03-09.'],
    ['from=2026-13-01', 'from', 'Enter a day as year-month-day, such as 2026-03-09.'],
    ['from=2026-03-09&to=2026-03-01', 'to', 'Choose a day that is not before the first.'],
    ['event=sign_inn', 'event', 'Choose an option.'],
    ['actor=zebra', 'actor', 'Nobody here is called “zebra”.'],
    ['about=%25', 'about', 'Nobody here is called “%”.'],
    ['actor=x%00', 'actor', 'This contains a character that cannot be typed.'],
  ])('tells of %s beside the field, and shows nothing meanwhile', async (filter, field, message) => {
    const { status, text } = await auditor.get(`/activity-log?${filter}`)
    expect(status).toBe(422)
    expect(text).toMatch(new RegExp(`aria-describedby="?${field}-error`))
    expect(new RegExp(`id="${field}-error"[\\s\\S]*?<span>([^<]*)`).exec(text)?.[1]).toContain(message)
    expect(text).toContain('<title>Error: ')
    expect(entriesOn(text)).toEqual([])
    expect(text).not.toContain('/activity-log.csv')
  })

  test('offers people while one types, by a part of name or address, and to nobody else', async () => {
    const { body } = await auditor.get('/activity-log/people?q=harb').expect(200)
    expect(body).toEqual([{ name: 'Otto Harbour', email: 'otto@firm.test' }])
    expect((await auditor.get('/activity-log/people?q=').expect(200)).body).toEqual([])
    expect((await (await app.as('dispatcher')).get('/activity-log/people?q=harb')).status).toBe(403)
  })

  test('tells an impersonated action with both people', async () => {
    const { admin: behind, sam } = app.cast
    await run(
      app.db,
      sql`insert into activity_log (event, category, actor_id, actor_name, actor_email, impersonator_id, impersonator_email)
          values ('sign_out', 'security', ${sam.id}, ${sam.name}, ${sam.email}, ${behind.id}, ${behind.email})`,
    )
    const { text } = await auditor.get('/activity-log?event=sign_out&actor=sam@firm.test')
    expect(textOf(text)).toContain('Dana Admin as Sam Field signed out')
    expect(textOf(text)).toContain(`Impersonator Dana Admin, ${behind.email} ${behind.id}`)
    const { text: csv } = await auditor.get('/activity-log.csv?event=sign_out&actor=sam@firm.test')
    expect(csv).toContain(`"${sam.id}","Sam Field","sam@firm.test","${behind.id}","admin@firm.test",`)
  })

  test('shows what strangers wrote as words, never as markup', async () => {
    const evil = '"><svg onload=alert(1)></script>'
    await note({ ...app.cast.sam, name: evil }, evil)
    const { text } = await auditor.get(`/activity-log?q=${encodeURIComponent(evil)}`)
    expect(text).not.toContain('<svg onload')
    expect(text.match(/&lt;svg onload/g)?.length).toBeGreaterThan(2)
  })

  test('takes long and odd words without a fault', async () => {
    for (const q of ['%', '_', 'a\\', '😀', "'; drop table users; --", 'a'.repeat(200)])
      expect((await auditor.get(`/activity-log?q=${encodeURIComponent(q)}`)).status).toBe(200)
    for (const q of ['a'.repeat(201), '\\', '["', '{}'])
      expect((await auditor.get(`/activity-log?q=${encodeURIComponent(q)}`)).status).toBe(422)
    expect((await auditor.get('/activity-log?after=no-id')).status).toBe(200)
    expect((await auditor.get('/activity-log?__proto__[q]=x&category=')).status).toBe(200)
  })
})

describe('the same log elsewhere', () => {
  test('stands as a tab on the profile, about that person alone', async () => {
    const profile = await admin.get(`/fieldworkers/${app.cast.otto.id}`)
    expect(profile.text).toContain(`/fieldworkers/${app.cast.otto.id}/activity`)
    const { text } = await admin.get(`/fieldworkers/${app.cast.otto.id}/activity`).expect(200)
    expect(entriesOn(text)).toHaveLength(50)
    expect(textOf(text)).not.toContain('Sam Field')
    expect(link(text, 'next')).toContain(`/fieldworkers/${app.cast.otto.id}/activity?after=`)
  })

  test('is one’s own security history under My account, and holds nobody else’s', async () => {
    const otto = await app.as('otto')
    const { text } = await otto.get('/account/activity').expect(200)
    expect(textOf(text)).toContain('Otto Harbour signed in')
    expect(textOf(text)).not.toContain('Sam Field')
    const { total } = await one(
      app.db,
      z.object({ total: z.coerce.number() }),
      sql`select count(*) as total from activity_log where subject_id = ${app.cast.otto.id}`,
    )
    expect(total).toBeGreaterThan(100)
    expect(link(text, 'next')).toContain('/account/activity?after=')
  })
})
