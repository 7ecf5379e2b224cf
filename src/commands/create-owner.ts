import { parseArgs } from 'node:util'
import { z } from 'zod'
import { configHere, databaseOf } from '../config.ts'
import { Db } from '../foundation/db.ts'
import { writtenAddress } from '../foundation/email-address.ts'
import { startEmbeddedPostgres } from '../foundation/embedded-postgres.ts'
import { keyFor } from '../foundation/keys.ts'
import { log } from '../foundation/log.ts'
import { migrate } from '../foundation/migrate.ts'
import type { Logins } from '../foundation/rights.ts'
import { emailAddress, personName, read } from '../foundation/web/form.ts'
import { makeOwner, type OwnerMade } from '../invitations/make-owner.ts'

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
  const made = await makeOwner(db, key, email, name ?? email.split('@')[0] ?? email).finally(() => db.close())
  const life = made.purpose === 'invite' ? '7 days' : '60 minutes'
  say(`${made.name} <${writtenAddress(email)}> is an Owner${afterwards(made)}.`)
  say(
    `To choose a password, open this link within ${life}. It works once; whoever opens it first is that Owner:`,
  )
  say(`${config.baseUrl}${made.path}`)
} finally {
  await database.stop?.()
}

function afterwards({ isNew, purpose }: OwnerMade): string {
  if (isNew) return ''
  return purpose === 'invite'
    ? ', and still has no password'
    : ', and active; all their devices are signed out'
}

function asked() {
  try {
    const { values } = parseArgs({ options: { email: { type: 'string' }, name: { type: 'string' } } })
    const form = read(Asked, values)
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
