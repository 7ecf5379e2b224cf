import { describe, expect, test } from 'vitest'
import { createBrowserTestApp, type Person, type BrowserTestApp } from '../support/browser.ts'
import { heading, statusText } from './own-steps.ts'
import { sizes, entryPoints, fieldError, worker, type EntryPoint, type Worker } from './steps.ts'

const app = createBrowserTestApp()
const reason = 'They can’t find Tuesday’s job sheet'
const someone = (width: number, at: number) => worker(at + (width === 390 ? 5 : 16))

const banner = (person: Person) =>
  person.page.getByRole('complementary', { name: 'You are working as someone else' })

async function owner(app: BrowserTestApp, traits: Parameters<BrowserTestApp['person']>[0]): Promise<Person> {
  const person = await app.person(traits)
  await person.signIn('owner@demo.test')
  return person
}

async function begin(person: Person, target: Worker) {
  await person.fill({ Reason: reason })
  expect(await person.send(`Login as ${target.name}`)).toBe(303)
  await banner(person).getByText(`You are working as ${target.name}.`).waitFor()
}

async function goBack(person: Person, target: Worker) {
  expect(await person.send('Return to my account')).toBe(303)
  await expect.poll(() => statusText(person)).toContain('You’re back in your own account')
  expect(await heading(person)).toBe(target.name)
  expect(await banner(person).count()).toBe(0)
}

describe.each(sizes)('at $width px an Owner logs in as a fieldworker', ({ width }) => {
  test.each(Object.keys(entryPoints) as EntryPoint[])('from %s, in a dialog, and returns', async (way) => {
    const target = someone(width, Object.keys(entryPoints).indexOf(way))
    const olivia = await owner(app, { width })
    await entryPoints[way](olivia, target)
    await olivia.link('Login as this user').click()
    const dialog = olivia.page.getByRole('dialog', { name: 'Login as this user' })
    await dialog.waitFor()
    expect(await olivia.send(`Login as ${target.name}`)).toBe(422)
    expect(await fieldError(olivia, 'Reason')).toContain('Say why in a few words')
    await olivia.assertFine()
    await begin(olivia, target)
    expect(olivia.place).toBe('/account')
    expect(await dialog.count()).toBe(0)
    await goBack(olivia, target)
  })

  test('and on every page the banner stays visible and says who, why and until when', async () => {
    const target = someone(width, 3)
    const olivia = await owner(app, { width })
    await olivia.goTo(`/fieldworkers?q=${encodeURIComponent(target.name)}`)
    const profile = (await olivia.link(target.name).getAttribute('href')) ?? ''
    const route = `${profile.replace('/fieldworkers/', '/users/')}/impersonation`
    await fine(olivia, route)
    expect(await olivia.send(`Login as ${target.name}`)).toBe(422)
    await olivia.assertFine()
    await begin(olivia, target)
    for (const [path, status] of Object.entries({
      ...{ '/account': 200, '/account/activity': 200, '/m': 200, '/account/password': 403, '/nowhere': 404 },
      [route]: 403,
    })) {
      await fine(olivia, path, status)
      await olivia.page.evaluate('scrollTo(0, document.body.scrollHeight)')
      expect(await banner(olivia).innerText()).toMatch(
        /Begun by Olivia Hart at .*Reason: .*Ends by itself at/s,
      )
      expect((await banner(olivia).boundingBox())?.y).toBe(0)
    }
    await olivia.goTo('/account')
    await goBack(olivia, target)
  })
})

test('without script it is a page, and everything else is the same', async () => {
  const target = worker(36)
  const olivia = await owner(app, { script: false })
  await olivia.goTo(`/fieldworkers?q=${target.email}`)
  await olivia.link(target.name).click()
  const profile = olivia.place
  await olivia.goTo(`${profile.replace('/fieldworkers/', '/users/')}/impersonation`)
  expect(await heading(olivia)).toBe('Login as this user')
  await begin(olivia, target)
  await olivia.assertFine()
  await goBack(olivia, target)
  expect(olivia.place).toBe(profile)
})

test('an Admin impersonates a fieldworker on a phone, and the worker reads about it on theirs', async () => {
  const target = worker(40)
  const dana = await app.person({ phone: true })
  await dana.signIn('admin@demo.test')
  await dana.goTo(`/fieldworkers?q=${target.email}`)
  await dana.button(`Actions for ${target.name}`).click()
  await dana.link('Login as this user').click()
  await dana.page.getByRole('dialog').waitFor()
  await begin(dana, target)
  expect(dana.place).toBe('/m')
  await dana.goTo('/m')
  await dana.page.locator('summary', { hasText: 'Menu' }).click()
  await dana.assertFine()
  expect(await banner(dana).isVisible()).toBe(true)
  expect(await dana.link('Change password').count()).toBe(0)
  await dana.goTo('/account')
  await dana.assertFine()
  await dana.send('Return to my account')

  const nora = await app.person({ phone: true })
  expect(await nora.signIn(target.email)).toBe(303)
  await nora.goTo('/account/activity')
  const read = await nora.page.locator('main').innerText()
  expect(read).toContain(`Dana Whitlock logged in as ${target.name}`)
  expect(read).toContain(`Reason: “${reason}”`)
  expect(read).toContain(`Dana Whitlock stopped working as ${target.name}`)
  await nora.assertFine()
})

test('the server’s own log names both people for each request, each refusal and each entry', async () => {
  const olivia = await owner(app, {})
  await olivia.goTo('/settings/company/users?q=dana')
  const route = (await olivia.link('Dana Whitlock').getAttribute('href')) ?? ''
  await olivia.goTo(`${route.replace('/fieldworkers/', '/users/')}/impersonation`)
  await begin(olivia, { name: 'Dana Whitlock', email: 'admin@demo.test' })
  await fine(olivia, '/fieldworkers')
  await fine(olivia, '/account/password', 403)
  await fine(olivia, '/fieldworkers/new')
  await olivia.fill({ Name: 'Lou Logged', Email: 'lou@demo.test' })
  const posted = olivia.page.waitForResponse((response) => response.request().method() === 'POST')
  await olivia.page.locator('form.sheet button.primary').click()
  expect((await posted).status()).toBe(303)
  const lines = app.server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  const [dana] = lines.filter(({ activity }) => activity === 'impersonation_started').slice(-1)
  const both = { actor: dana?.subject, impersonator: dana?.actor }
  expect(lines).toContainEqual(expect.objectContaining({ ...both, path: '/fieldworkers', status: 200 }))
  expect(lines).toContainEqual(
    expect.objectContaining({ ...both, event: 'authz_fail', path: '/account/password' }),
  )
  expect(lines).toContainEqual(expect.objectContaining({ ...both, activity: 'user_created' }))
})

async function fine(person: Person, path: string, status = 200) {
  expect(await person.goTo(path)).toBe(status)
  await person.assertFine()
}
