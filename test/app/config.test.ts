import { describe, expect, test } from 'vitest'
import { databaseOf, readConfig } from '../../src/config.ts'

const secret = 'q7Rk2mZx9Lw4Tn8Vb3Yc6Hd1Js5Fg0Pa'
const production = {
  NODE_ENV: 'production',
  SESSION_SECRET: secret,
  SMTP_URL: 'smtp://mail.example.com',
  MAIL_FROM: 'fieldkey@example.com',
  BASE_URL: 'http://fieldkey.example.com',
  DATABASE_URL: 'postgres://localhost/fieldkey',
}

describe('the settings', () => {
  test('have defaults with which the program runs on its own', () => {
    expect(readConfig({})).toMatchObject({
      ...{ port: 3000, host: '127.0.0.1', baseUrl: 'http://localhost:3000', worker: 'inline', demo: true },
      ...{ companyName: 'Demo Field Services', passwordMinLength: 12, trustProxy: false, production: false },
    })
  })

  test('are all told at once, by name, when they are wrong', () => {
    const wrong = {
      PORT: 'x',
      BASE_URL: 'nowhere',
      SESSION_SECRET: 'short',
      PASSWORD_MIN_LENGTH: '8',
      WORKER: 'maybe',
    }
    for (const name of Object.keys(wrong)) expect(() => readConfig(wrong)).toThrow(name)
    const missing = { PORT: 'x', NODE_ENV: 'production' }
    for (const name of ['PORT', 'SESSION_SECRET', 'SMTP_URL', 'MAIL_FROM'])
      expect(() => readConfig(missing)).toThrow(name)
  })

  test('name an owner of the database only beside the role that works with it', () => {
    const owner = { DATABASE_OWNER_URL: 'postgres://owner@localhost/fieldkey' }
    expect(() => readConfig(owner)).toThrow('DATABASE_OWNER_URL also needs DATABASE_URL')
    const both = readConfig({ ...production, ...owner })
    expect(databaseOf(both)).toEqual({
      connectionString: production.DATABASE_URL,
      ownerConnectionString: owner.DATABASE_OWNER_URL,
    })
    expect(databaseOf(readConfig(production))?.ownerConnectionString).toBe(production.DATABASE_URL)
    expect(databaseOf(readConfig({}))).toBeUndefined()
  })

  test('in production need what no default can give', () => {
    expect(readConfig(production)).toMatchObject({ production: true, hashing: 'production', demo: false })
    for (const name of ['SESSION_SECRET', 'SMTP_URL', 'MAIL_FROM'])
      expect(() => readConfig({ ...production, [name]: '' })).toThrow(`${name} is required in production`)
  })

  test.each([
    ['short', 'x'.repeat(31)],
    ['the same character over and over', 'x'.repeat(40)],
    ['a sample', 'change-me-change-me-change-me-change-me'],
    ['one good and one short', `${secret},short`],
  ])('refuse a session secret that is %s', (_, value) => {
    expect(() => readConfig({ SESSION_SECRET: value })).toThrow('SESSION_SECRET')
  })

  test('several secrets with commas rotate', () => {
    expect(readConfig({ SESSION_SECRET: `${secret}, ${secret}2` }).sessionSecrets).toEqual([
      secret,
      `${secret}2`,
    ])
  })

  test('read TRUST_PROXY as Express does, but never believe everybody', () => {
    expect(readConfig({ TRUST_PROXY: '1' }).trustProxy).toBe(1)
    expect(readConfig({ TRUST_PROXY: 'loopback, 10.0.0.0/8' }).trustProxy).toBe('loopback, 10.0.0.0/8')
    for (const wrong of ['true', '-1', 'garbage', '10.0.0.0/x'])
      expect(() => readConfig({ TRUST_PROXY: wrong })).toThrow('TRUST_PROXY')
  })

  test('never lower the least length of a password', () => {
    expect(() => readConfig({ PASSWORD_MIN_LENGTH: '11' })).toThrow('at least 12')
    expect(readConfig({ PASSWORD_MIN_LENGTH: '15' }).passwordMinLength).toBe(15)
  })
})

/** Settings with which the program would have started, and gone wrong later without a word. */
const halfRight: [name: string, value: string, ...said: string[]][] = [
  ['BASE_URL', 'https://keys.acme.test/fieldkey', 'must have no path', 'write https://keys.acme.test'],
  ['BASE_URL', 'https://keys.acme.test/fieldkey/', 'must have no path'],
  ['BASE_URL', 'https://keys.acme.test//', 'must have no path'],
  ['BASE_URL', 'https://keys.acme.test?site=1', 'must have no query', 'write https://keys.acme.test'],
  ['BASE_URL', 'https://keys.acme.test/#start', 'must have no fragment'],
  ['BASE_URL', 'https://keys.acme.test/a?b#c', 'no path and no query and no fragment'],
  ['BASE_URL', 'https://ann:hunter2@keys.acme.test', 'must have no user name or password'],
  ['BASE_URL', 'keys.acme.test', 'must begin with https:// or http://: write https://keys.acme.test'],
  ['BASE_URL', 'keys.acme.test:8443', 'write https://keys.acme.test:8443'],
  ['BASE_URL', 'localhost:3000', 'write http://localhost:3000'],
  ['BASE_URL', 'ftp://keys.acme.test', 'must be an address such as https://fieldkey.example.com'],
  ['BASE_URL', 'https:///keys.acme.test', 'must be an address such as'],
  ['BASE_URL', 'https:keys.acme.test', 'must be an address such as'],
  ['BASE_URL', 'https://a.test,https://b.test', 'must be an address such as'],
  ['BASE_URL', 'https://*.acme.test', 'must be an address such as'],
  ['BASE_URL', 'http://0.0.0.0:3000', 'must be the address that people type'],
  ['BASE_URL', 'http://[::]:3000', 'must be the address that people type'],
  ['PORT', '0x10', 'must be a whole number'],
  ['PORT', '1e3', 'must be a whole number'],
  ['PORT', '-1', 'must be a whole number'],
  ['PORT', '65536', 'must be at most 65535'],
  ['HOST', 'http://0.0.0.0', 'must be the address to listen on'],
  ['HOST', '127.0.0.1:3000', 'must be the address to listen on'],
  ['NODE_ENV', 'prod', 'must be production, development or test'],
  ['NODE_ENV', 'Production', 'must be production, development or test'],
  ['TRUST_PROXY', '0.0.0.0/0', 'never all of them'],
  ['TRUST_PROXY', '::/0', 'never all of them'],
  ['TRUST_PROXY', '10.0.0.0/33', 'number of proxies'],
  ['TRUST_PROXY', '10.0.0.0/8/8', 'number of proxies'],
  ['TRUST_PROXY', 'loopback/8', 'number of proxies'],
  ['TRUST_PROXY', '10.0.0.1,', 'number of proxies'],
  ['TRUST_PROXY', '3000', 'number of proxies'],
  ['DATABASE_URL', 'postgres://user:password@host', 'must end with the name of a database'],
  ['DATABASE_URL', 'postgres://user:1/x@host/fieldkey', 'must end with the name of a database'],
  ['DATABASE_URL', 'postgres://user:1?x@host/fieldkey', 'must end with the name of a database'],
  ['DATABASE_URL', 'postgres://user:1#x@host/fieldkey', 'write # as %23'],
  ['DATABASE_URL', 'postgres://user:100%x@host/fieldkey', '% as %25'],
  ['DATABASE_URL', 'postgres://host/fieldkey?sslmode=required', 'has an sslmode that is none of'],
  ['DATABASE_OWNER_URL', 'postgres://owner:password@host/', 'must end with the name of a database'],
  ['SMTP_URL', 'smtp://mail.acme.test:465', 'write smtps://'],
  ['SMTP_URL', 'smtps://mail.acme.test:587', 'write smtp://'],
  ['SMTP_URL', 'smtp:mail.acme.test', 'must be an address such as smtp://'],
  ['SMTP_URL', 'smtp://ann@mail.acme.test', 'both a user name and a password'],
  ['SMTP_URL', 'smtp://ann:100%x@mail.acme.test', '% as %25'],
  ['SMTP_URL', 'smtp://ann:1#x@mail.acme.test', 'write # as %23'],
  ['SMTP_URL', 'smtp://mail.acme.test/inbox', 'must end after the port'],
  ['MAIL_FROM', 'Acme <keys@acme.test>', 'must be an email address only'],
  ['MAIL_FROM', 'keys@localhost', 'must be an email address only'],
]

describe('a setting that is half right', () => {
  test.each(halfRight)('is told by name, with what to write: %s=%s (fault 36)', (name, value, ...said) => {
    const faults = faultsOf({ ...production, [name]: value })
    expect(faults).toHaveLength(1)
    for (const words of [`${name} `, ...said]) expect(faults[0]).toContain(words)
    expect(faults[0]).not.toContain('hunter2')
  })

  test.each([
    ['https://keys.acme.test/', 'https://keys.acme.test'],
    [' https://keys.acme.test ', 'https://keys.acme.test'],
    ['HTTPS://Keys.Acme.test', 'https://keys.acme.test'],
    ['https://keys.acme.test:443', 'https://keys.acme.test'],
    ['https://keys.acme.test:8443', 'https://keys.acme.test:8443'],
    ['https://schlüssel.example', 'https://xn--schlssel-95a.example'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ])('is not one that is only spelled otherwise: BASE_URL=%s (fault 36)', (value, baseUrl) => {
    expect(readConfig({ BASE_URL: value }).baseUrl).toBe(baseUrl)
  })

  test.each([
    'maxMessages=100',
    'pool=false',
    'pool=true',
    'service=gmail',
    'socketTimeout=0',
    'disableFileAccess=false',
    'tls.rejectUnauthorized=false',
    'requireTLS=false',
    'requireTLS=true&maxMessages=100',
    'requireTLS=true&requireTLS=false',
    'requiretls=true',
    'ignoreTLS=true',
    '%6daxMessages=100',
  ])('is told by name if it changes how emails are sent: SMTP_URL with ?%s (fault 21)', (query) => {
    for (const address of ['smtp://mail.acme.test:587', 'smtps://ann:hunter2@mail.acme.test/']) {
      const faults = faultsOf({ ...production, SMTP_URL: `${address}?${query}` })
      expect(faults).toEqual([expect.stringMatching(/^SMTP_URL must end after the port.*\?requireTLS=true/)])
      expect(faults[0]).not.toContain('hunter2')
    }
  })

  test('is told if a password in SMTP_URL has a ? that is not encoded (fault 21)', () => {
    const faults = faultsOf({ ...production, SMTP_URL: 'smtp://ann:1?x@mail.acme.test' })
    expect(faults).toEqual([expect.stringContaining('? as %3F')])
  })

  test('is told together with all others (fault 36)', () => {
    const settings = {
      PORT: '1e3',
      BASE_URL: 'https://a.test/b',
      TRUST_PROXY: '::/0',
      SMTP_URL: 'smtp://a.test:465',
    }
    const faults = faultsOf(settings)
    for (const name of Object.keys(settings))
      expect(faults.filter((fault) => fault.startsWith(name))).toHaveLength(1)
  })

  test('is not one that works: proxies, databases and mail servers as people write them (fault 36)', () => {
    for (const off of ['off', 'false', '0', 'No'])
      expect(readConfig({ TRUST_PROXY: off }).trustProxy).toBe(false)
    const fine = {
      TRUST_PROXY: '10.0.0.0/8,fc00::/16, loopback',
      PORT: ' 8080 ',
      DATABASE_URL: 'postgresql://u%40x:p%23%25@%2Frun%2Fpostgresql/fieldkey?sslmode=verify-full',
      SMTP_URL: 'smtps://u%40x:p%2F@mail.acme.test:465/?requireTLS=true',
      MAIL_FROM: 'keys@acme.test',
    }
    expect(readConfig(fine)).toMatchObject({
      ...{ trustProxy: fine.TRUST_PROXY, port: 8080, databaseUrl: fine.DATABASE_URL, smtpUrl: fine.SMTP_URL },
    })
  })
})

/** The faults that are told, one a line. */
function faultsOf(settings: Record<string, string>): string[] {
  try {
    readConfig(settings)
    return []
  } catch (error) {
    return (error as Error).message
      .split('\n')
      .slice(1)
      .map((line) => line.trim())
  }
}
