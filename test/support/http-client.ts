import type { RequestListener } from 'node:http'
import supertest from 'supertest'

type Fields = Record<string, string | string[]>

/** A simulated browser: it keeps cookies, and sends a form with the token of its page. */
export class HttpClient {
  readonly #agent: ReturnType<typeof supertest.agent>

  constructor(
    expressApp: RequestListener | string,
    userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0',
  ) {
    this.#agent = supertest.agent(expressApp).set('User-Agent', userAgent)
  }

  get(address: string) {
    return this.#agent.get(address)
  }

  head(address: string) {
    return this.#agent.head(address)
  }

  /** Posts without a token, as a forger would. */
  postBare(address: string, fields: Fields = {}) {
    return this.#agent.post(address).type('form').send(fields)
  }

  /** Opens `page`, takes its token and posts the form. */
  async post(address: string, fields: Fields = {}, page = address) {
    return this.postBare(address, { _csrf: await this.token(page), ...fields })
  }

  /** Sends a form with a file, with the token of its page. */
  async upload(address: string, file: string | Buffer, name = 'people.csv', page = address) {
    const fields = { _csrf: await this.token(page) }
    return this.#agent.post(address).field(fields).attach('file', Buffer.from(file), name)
  }

  /** Posts a body as it is. */
  postRaw(address: string, type: string, body: string) {
    return this.#agent.post(address).set('Content-Type', type).send(body)
  }

  async token(page: string): Promise<string> {
    const { text } = await this.get(page)
    const token = /name="_csrf" value="([^"]+)"/.exec(text)?.[1]
    if (token === undefined) throw new Error(`There is no form on ${page}`)
    return token
  }

  async signIn(email: string, password: string, remember = false) {
    const answer = await this.post('/sign-in', { email, password, ...(remember ? { remember: '1' } : {}) })
    if (answer.status !== 303) throw new Error(`${email} could not sign in: ${answer.status}`)
    return this
  }

  /** Only the session cookie. */
  sessionCookie(): string {
    return /sid=[^;]+/.exec(this.cookies())?.[0] ?? ''
  }

  /** What this browser would send as its Cookie header. */
  cookies(): string {
    return this.#agent.jar
      .getCookies({ domain: '127.0.0.1', path: '/', secure: false, script: false })
      .toValueString()
  }
}

/** The text of a page without its markup. */
export const textOf = (html: string): string =>
  html
    .replace(/<template id="find">[\s\S]*?<\/dialog>/g, ' ')
    .replace(/<(script|style|template)[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#39;|&#x27;/g, "'")
    .replace(/&quot;|&#34;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim()
