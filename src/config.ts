import fs from 'node:fs'
import path from 'node:path'
import { createPrivateKey, randomBytes, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import { z } from 'zod'
import { isAddress, plainAddress } from './platform/email-address.ts'
import { baseAddress, databaseAddress, mailAddress, trustedProxies } from './config-addresses.ts'

/** The name of a company that was not named yet. */
export const defaultCompanyName = 'Demo Field Services'

const sample = /change.?me|keyboard cat/i
const isStrong = (secret: string) => secret.length >= 32 && new Set(secret).size >= 8 && !sample.test(secret)

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((number) => number >= min, `must be at least ${min}`)
    .refine((number) => number <= max, `must be at most ${max}`)

/** PEM, or base64 of it for settings that hold a single line. */
function ed25519Key(value: string): KeyObject | undefined {
  const pem = value.includes('-----BEGIN') ? value : Buffer.from(value, 'base64').toString()
  try {
    const key = pem.trim().startsWith('-----BEGIN PRIVATE KEY-----') && createPrivateKey(pem)
    return key && key.asymmetricKeyType === 'ed25519' ? key : undefined
  } catch {
    return undefined
  }
}

/** A host name or address, without scheme, port or path. */
const isHost = (host: string) => isIP(host) !== 0 || /^[\w.-]+$/.test(host)

const Environment = z.object({
  NODE_ENV: z
    .enum(['development', 'production', 'test'], 'must be production, development or test')
    .default('development'),
  PORT: wholeNumber(0, 65535).default(3000),
  HOST: z
    .string()
    .refine(isHost, 'must be the address to listen on, such as 0.0.0.0: the port goes into PORT')
    .default('127.0.0.1'),
  BASE_URL: baseAddress.optional(),
  DATABASE_URL: databaseAddress.optional(),
  DATABASE_OWNER_URL: databaseAddress.optional(),
  DATA_DIR: z.string().default('.data'),
  SESSION_SECRET: z
    .string()
    .transform((list) => list.split(',').map((one) => one.trim()))
    .refine(
      (all) => all.every(isStrong),
      'must be 32 random characters or more, and your own; each, if several',
    )
    .optional(),
  METRICS_TOKEN: z.string().refine(isStrong, 'must be 32 random characters or more, and your own').optional(),
  EVIDENCE_KEY: z
    .string()
    .transform(ed25519Key)
    .refine(
      (key) => key !== undefined,
      'must be an Ed25519 private key, PKCS#8 in PEM or base64 of that: openssl genpkey -algorithm ed25519 | base64 -w 0',
    )
    .optional(),
  SMTP_URL: mailAddress.optional(),
  MAIL_FROM: z
    .string()
    .transform(plainAddress)
    .refine(
      isAddress,
      'must be an email address only, such as fieldkey@example.com: its name is COMPANY_NAME',
    )
    .optional(),
  COMPANY_NAME: z.string().max(120, 'must be at most 120 characters').default(defaultCompanyName),
  TRUST_PROXY: trustedProxies.default(false),
  PASSWORD_MIN_LENGTH: wholeNumber(12, 64).default(12),
  WEB_CONCURRENCY: wholeNumber(1, 64).default(1),
  WORKER: z.enum(['inline', 'off'], 'must be inline or off').default('inline'),
  DEMO: z
    .enum(['on', 'off', 'true', 'false', '1', '0'], 'must be on or off')
    .transform((value) => ['on', 'true', '1'].includes(value))
    .optional(),
})

const neededInProduction = ['SESSION_SECRET', 'SMTP_URL', 'MAIL_FROM']

export type Config = ReturnType<typeof readConfig>

/**
 * The settings of this process from its environment and `.env`. Invalid settings are printed, and the process exits.
 */
export function loadConfig(): Config {
  if (fs.existsSync('.env')) process.loadEnvFile('.env')
  try {
    const config = readConfig(process.env)
    return config.sessionSecrets.length > 0
      ? config
      : { ...config, sessionSecrets: [storedSecret(config.dataFolder)] }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}

/** Reads the whole environment. It throws one error that names every problem. */
export function readConfig(environment: NodeJS.ProcessEnv) {
  const typed = Object.entries(environment).map(([name, value]) => [name, value?.trim()] as const)
  const set = Object.fromEntries(typed.filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(set)
  const faults = parsed.error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? []
  const missing =
    set.NODE_ENV === 'production' ? neededInProduction.filter((name) => set[name] === undefined) : []
  const hasOwnerOnly = set.DATABASE_OWNER_URL !== undefined && set.DATABASE_URL === undefined
  const problems = [
    ...faults,
    ...missing.map((name) => `${name} is required in production`),
    ...(hasOwnerOnly ? ['DATABASE_OWNER_URL also needs DATABASE_URL, for the app’s role'] : []),
  ]
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems)
  const env = parsed.data
  const production = env.NODE_ENV === 'production'
  return {
    production,
    port: env.PORT,
    host: env.HOST,
    baseUrl: env.BASE_URL ?? `http://localhost:${env.PORT}`,
    databaseUrl: env.DATABASE_URL,
    databaseOwnerUrl: env.DATABASE_OWNER_URL,
    dataFolder: path.resolve(env.DATA_DIR),
    sessionSecrets: env.SESSION_SECRET ?? [],
    evidenceKey: env.EVIDENCE_KEY,
    metricsToken: env.METRICS_TOKEN,
    smtpUrl: env.SMTP_URL,
    mailFrom: env.MAIL_FROM ?? 'fieldkey@localhost.invalid',
    companyName: env.COMPANY_NAME,
    trustProxy: env.TRUST_PROXY,
    passwordMinLength: env.PASSWORD_MIN_LENGTH,
    hashing: production ? ('production' as const) : ('minimum' as const),
    webConcurrency: env.WEB_CONCURRENCY,
    worker: env.WORKER,
    demo: env.DEMO ?? (env.DATABASE_URL === undefined && !production),
  }
}

/**
 * The database named in the settings, if there is one. Without a separate owner the app's role runs migrations, too.
 */
export function databaseOf({ databaseUrl, databaseOwnerUrl }: Config) {
  if (!databaseUrl) return undefined
  return { connectionString: databaseUrl, ownerConnectionString: databaseOwnerUrl ?? databaseUrl }
}

class ConfigError extends Error {
  constructor(problems: string[]) {
    super(
      `Fieldkey cannot start with these settings:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    )
  }
}

/**
 * Without SESSION_SECRET: the secret created at the first start, readable only by its owner. It is written to a
 * temporary file and then linked, so that two concurrent first starts agree and no partial secret remains.
 */
function storedSecret(dataFolder: string): string {
  const file = path.join(dataFolder, 'session-secret')
  if (!fs.existsSync(file)) {
    fs.mkdirSync(dataFolder, { recursive: true })
    const fresh = `${file}.${process.pid}`
    fs.writeFileSync(fresh, randomBytes(32).toString('base64url'), { mode: 0o600 })
    try {
      fs.linkSync(fresh, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    fs.rmSync(fresh)
  }
  const secret = fs.readFileSync(file, 'utf8').trim()
  if (!isStrong(secret))
    throw new ConfigError([`SESSION_SECRET stored in ${file} is damaged: remove that file`])
  return secret
}
