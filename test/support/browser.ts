import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest'
import { openChromium } from './chromium.ts'
import { ownerOf, testDatabase } from './database.ts'
import { sessionSecret } from './test-app.ts'
import { startServer, type RunningServer } from './running-server.ts'

export const password = 'demo paddock lantern 42'

interface Traits {
  width?: number
  script?: boolean
  /** A mobile browser, by its user agent and width. */
  phone?: boolean
}

interface BrowserEmail {
  id: string
  to: string
  template: string
  status: string
  subject: string
  text: string
  html: string
  link: string | null
}

const phoneBrowser =
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36'

/** The real app and a real Chromium for one test file. People are closed after each test. */
export class BrowserTestApp {
  readonly people: Person[] = []
  readonly database: string
  #read = 0
  server!: RunningServer
  browser!: Browser

  constructor(database: string) {
    this.database = database
  }

  async person({ phone = false, width = phone ? 390 : 1280, script = true }: Traits = {}): Promise<Person> {
    const context = await this.browser.newContext({
      ...(phone ? { userAgent: phoneBrowser } : {}),
      ...{ baseURL: this.server.address, javaScriptEnabled: script, reducedMotion: 'reduce' },
      ...{ viewport: { width, height: width < 768 ? 844 : 900 }, hasTouch: width < 768 },
    })
    context.setDefaultTimeout(15_000)
    const person = new Person(context, await context.newPage(), width, script)
    this.people.push(person)
    return person
  }

  async emailsTo(email: string): Promise<BrowserEmail[]> {
    const answer = await fetch(`${this.server.address}/dev/outbox.json`)
    return ((await answer.json()) as BrowserEmail[]).filter(({ to }) => to === email)
  }

  /** The newest email of a template to an address, once it is delivered: before that its link does not work. */
  async emailTo(email: string, template: string): Promise<BrowserEmail> {
    return vi.waitFor(
      async () => {
        const found = (await this.emailsTo(email)).find((each) => each.template === template)
        if (found?.status !== 'sent') throw new Error(`No ${template} was delivered to ${email}`)
        return found
      },
      { timeout: 15_000, interval: 150 },
    )
  }

  /** The forbidden log lines since the last call: errors and content policy violations. */
  complaints(): string[] {
    const lines = this.server.output().split('\n').slice(0, -1)
    const fresh = lines.slice(this.#read)
    this.#read = lines.length
    return fresh.filter((line) => /content security policy|"level":"error"/.test(line))
  }
}

/** A page error fails its test, even if the test does not check for it. */
export function createBrowserTestApp(): BrowserTestApp {
  const database = testDatabase()
  const app = new BrowserTestApp(database)
  beforeAll(async () => {
    const settings = {
      ...{ DATABASE_URL: database, DATABASE_OWNER_URL: ownerOf(database) },
      ...{ DEMO: 'on', SESSION_SECRET: sessionSecret, SMTP_URL: '' },
    }
    app.server = await startServer(settings)
    app.browser = await openChromium()
  })
  afterEach(async () => {
    const faults = app.people.flatMap((person) => person.faults)
    for (const { context } of app.people.splice(0)) await context.close()
    expect(faults).toEqual([])
    expect(app.complaints()).toEqual([])
  })
  afterAll(async () => {
    await app.browser?.close()
    app.server?.kill('SIGTERM')
    await app.server?.ended
  })
  return app
}

/** A person with a separate browser that collects page errors. */
export class Person {
  readonly context: BrowserContext
  readonly page: Page
  readonly width: number
  readonly script: boolean
  readonly faults: string[] = []

  constructor(context: BrowserContext, page: Page, width: number, script: boolean) {
    this.context = context
    this.page = page
    this.width = width
    this.script = script
    context.on('page', (other) => this.#watch(other))
    this.#watch(page)
  }

  #watch(page: Page) {
    page.on('pageerror', (error) => this.faults.push(`${page.url()}: ${error.message}`))
    page.on('console', (message) => {
      // A refused page is a normal answer; failed resources are reported by the response listener.
      if (/^Failed to load resource: the server responded/.test(message.text())) return
      if (message.type() === 'error') this.faults.push(`${page.url()}: ${message.text()}`)
    })
    page.on('response', (response) => {
      const asked = response.request().resourceType()
      const part = !['document', 'xhr'].includes(asked)
      if (response.status() >= (part ? 400 : 500)) this.faults.push(`${response.url()}: ${response.status()}`)
    })
  }

  /** The path of the current page. */
  get place(): string {
    const { pathname, search } = new URL(this.page.url())
    return pathname + search
  }

  async goTo(path: string): Promise<number> {
    return (await this.page.goto(path))?.status() ?? 0
  }

  button(name: string) {
    return this.page.getByRole('button', { name, exact: true })
  }

  link(name: string) {
    return this.page.getByRole('link', { name, exact: true })
  }

  field(name: string) {
    return this.page.getByLabel(name, { exact: true })
  }

  async fill(fields: Record<string, string>) {
    for (const [name, value] of Object.entries(fields)) await this.field(name).fill(value)
  }

  /** Submits a form with its button, and returns the status of the answer. */
  async send(name: string): Promise<number> {
    const answered = this.page.waitForResponse((response) => response.request().method() === 'POST')
    const navigated = this.page.waitForEvent('framenavigated').catch(() => {})
    await this.button(name).click()
    const answer = await answered
    if (answer.request().isNavigationRequest()) await navigated // a form may be sent only after a question to the server
    await this.page.waitForLoadState()
    return answer.status()
  }

  async signIn(email: string, typed = password): Promise<number> {
    await this.goTo('/sign-in')
    await this.fill({ Email: email, Password: typed })
    return this.send('Sign in')
  }

  /** Checks that axe finds no fault, in light and dark mode, and that nothing scrolls sideways. */
  async assertFine(exceptRules: string[] = []) {
    await this.page.waitForLoadState()
    expect(await this.#wider(), this.place).toEqual([])
    if (this.width < 768) await this.#assertNarrowFine()
    if (this.script) {
      expect(
        await violations(this.page, (axe) => axe.withTags(tags).disableRules(exceptRules)),
        this.place,
      ).toEqual([])
      await this.page.emulateMedia({ colorScheme: 'dark' })
      expect(await violations(this.page, (axe) => axe.withRules(ofColour)), `${this.place}, dark`).toEqual([])
      await this.page.emulateMedia({ colorScheme: 'light' })
    }
    expect(this.faults).toEqual([])
  }

  async #assertNarrowFine() {
    const asItWas = this.page.viewportSize()
    await this.page.setViewportSize({ width: 320, height: 640 })
    expect(await this.#wider(), `${this.place} at 320`).toEqual([])
    if (asItWas) await this.page.setViewportSize(asItWas)
  }

  /** The parts of the page that are wider than their space. */
  #wider(): Promise<string[]> {
    return this.page.evaluate<string[]>(findWider)
  }
}

// As text, because it runs in the page: our own code has no document.
const findWider = `[document.documentElement, ...document.querySelectorAll('dialog, [popover]')]
  .filter((part) => part.scrollWidth > part.clientWidth)
  .map((part) => part.tagName + ' ' + part.id + ': ' + part.scrollWidth + ' in ' + part.clientWidth)`

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const ofColour = ['color-contrast', 'link-in-text-block'] // the only rules that dark mode affects

async function violations(page: Page, asked: (axe: AxeBuilder) => AxeBuilder): Promise<string[]> {
  // The default mode opens an extra page for each check, and reporting passes doubles the time.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] })
  const { violations } = await asked(axe).analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}
