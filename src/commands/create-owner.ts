import { linkLifetimeText } from '../company/link-lifetimes.ts'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { loadConfig, databaseOf } from '../config.ts'
import { Db } from '../platform/db.ts'
import { writtenAddress } from '../platform/email-address.ts'
import { startEmbeddedPostgres } from '../embedded/embedded-postgres.ts'
import { keyFor } from '../platform/crypto.ts'
import { log } from '../platform/log.ts'
import { migrate } from '../platform/migrate.ts'
import { referenceRows } from '../reference-rows.ts'
import type { Logins } from '../platform/grants.ts'
import { emailAddress, personName, parseForm } from '../platform/web/form.ts'
import { createOwner, type OwnerCreated } from '../auth/invitations/create-owner.ts'

// npm run create-owner -- --email ADDRESS [--name NAME]: creates the first account, or restores access. It prints a
// link, never a password. The exit code is 2 if the arguments are wrong.
const Arguments = z.object({ email: emailAddress, name: personName('Enter a name.').optional() })

const { email, name } = readArguments()
const config = loadConfig()
log.level = 'warn' // its output is for a person
const database: Logins & { stop?: () => Promise<void> } =
  databaseOf(config) ?? (await startEmbeddedPostgres({ folder: config.dataFolder }))
try {
  await migrate(database, referenceRows)
  const db = new Db(database.connectionString)
  const key = keyFor('links', config.sessionSecrets)
  const created = await createOwner(db, key, email, name ?? email.split('@')[0] ?? email).finally(() =>
    db.close(),
  )
  printLine(`${created.name} <${writtenAddress(email)}> is an Owner${describeOwner(created)}.`)
  printLine(
    `To choose a password, open this link within ${linkLifetimeText(created.purpose)}. It works once; the first person to open it becomes that Owner:`,
  )
  printLine(`${config.baseUrl}${created.path}`)
} finally {
  await database.stop?.()
}

function describeOwner({ isNew, purpose }: OwnerCreated): string {
  if (isNew) return ''
  return purpose === 'invite'
    ? ', and still has no password'
    : ', and active; all their devices are signed out'
}

function readArguments() {
  try {
    const { values } = parseArgs({ options: { email: { type: 'string' }, name: { type: 'string' } } })
    const form = parseForm(Arguments, values)
    return form.ok
      ? form.value
      : exitWithUsage(Object.entries(form.errors).map(([field, message]) => `--${field}: ${message}`))
  } catch (error) {
    return exitWithUsage([(error as Error).message])
  }
}

function exitWithUsage(lines: string[]): never {
  process.stderr.write(
    [...lines, 'Usage: npm run create-owner -- --email ADDRESS [--name NAME]', ''].join('\n'),
  )
  process.exit(2)
}

function printLine(line: string) {
  process.stdout.write(`${line}\n`)
}
