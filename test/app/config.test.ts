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
    expect(() => readConfig(owner)).toThrow('DATABASE_OWNER_URL needs DATABASE_URL')
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
    ['the same letter over and over', 'x'.repeat(40)],
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
