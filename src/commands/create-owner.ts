import { linkLifetimeText } from '../company/link-lifetimes.ts'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { configHere, databaseOf } from '../config.ts'
import { Db } from '../platform/db.ts'
import { writtenAddress } from '../platform/email-address.ts'
import { startEmbeddedPostgres } from '../embedded/embedded-postgres.ts'
import { keyFor } from '../platform/crypto.ts'
import { log } from '../platform/log.ts'
import { migrate } from '../platform/migrate.ts'
import type { Logins } from '../platform/grants.ts'
import { emailAddress, personName, parseForm } from '../platform/web/form.ts'
import { createOwner, type OwnerCreated } from '../auth/invitations/create-owner.ts'

// npm run create-owner -- --email ADDRESS [--name NAME]: the first account of a house, or a rescue. Prints a link, never
// a password. Ends with 2 when the command itself was not understood.
const Asked = z.object({ email: emailAddress, name: personName('Give a name.').optional() })

const { email, name } = asked()
const config = configHere()
log.level = 'warn' // what it prints is for the person who reads it
const database: Logins & { stop?: () => Promise<void> } =
  databaseOf(config) ?? (await startEmbeddedPostgres({ folder: config.dataFolder }))
try {
  await migrate(database)
  const db = new Db(database.connectionString)
  const key = keyFor('links', config.sessionSecrets)
  const made = await createOwner(db, key, email, name ?? email.split('@')[0] ?? email).finally(() =>
    db.close(),
  )
  say(`${made.name} <${writtenAddress(email)}> is an Owner${afterwards(made)}.`)
  say(
    `To choose a password, open this link within ${linkLifetimeText(made.purpose)}. It works once; whoever opens it first is that Owner:`,
  )
  say(`${config.baseUrl}${made.path}`)
} finally {
  await database.stop?.()
}

function afterwards({ isNew, purpose }: OwnerCreated): string {
  if (isNew) return ''
  return purpose === 'invite'
    ? ', and still has no password'
    : ', and active; all their devices are signed out'
}

function asked() {
  try {
    const { values } = parseArgs({ options: { email: { type: 'string' }, name: { type: 'string' } } })
    const form = parseForm(Asked, values)
    return form.ok
      ? form.value
      : misunderstood(Object.entries(form.errors).map(([field, words]) => `--${field}: ${words}`))
  } catch (error) {
    return misunderstood([(error as Error).message])
  }
}

function misunderstood(lines: string[]): never {
  process.stderr.write(
    [...lines, 'Usage: npm run create-owner -- --email ADDRESS [--name NAME]', ''].join('\n'),
  )
  process.exit(2)
}

function say(line: string) {
  process.stdout.write(`${line}\n`)
}
