import { parseArgs } from 'node:util'
import { chainFaultText, checkChain } from '../activity/chain/check.ts'
import { loadConfig, databaseOf } from '../config.ts'
import { Db } from '../platform/db.ts'
import { startEmbeddedPostgres } from '../embedded/embedded-postgres.ts'
import type { Logins } from '../platform/grants.ts'

// npm run verify-log [-- --head SEQ:HASH]: walks the chain of the activity log and names the first altered entry.
// SEQ:HASH comes from a line of the server's own log; the activity log must still hold that entry.
const { values } = parseArgs({ options: { head: { type: 'string' } } })
const head = values.head === undefined ? undefined : /^(\d+):([0-9a-f]{64})$/.exec(values.head)
if (head === null) {
  process.stderr.write('--head must be the number and the hash of an entry, such as 812:9f2c…\n')
  process.exit(2)
}
const config = loadConfig()
const database: Logins & { stop?: () => Promise<void> } =
  databaseOf(config) ?? (await startEmbeddedPostgres({ folder: config.dataFolder }))
const db = new Db(database.connectionString, { statement_timeout: 0 })
try {
  const known = head && { seq: head[1] ?? '', hash: head[2] ?? '' }
  const { entries, head: end, fault } = await checkChain(db, known)
  const whole = `The activity log is whole: ${entries} entries, ending at ${end.seq}:${end.hash ?? ''}`
  process.stdout.write(
    fault
      ? `The activity log is broken. ${chainFaultText(fault)}\n${entries} entries before it are whole.\n`
      : `${whole}\n`,
  )
  process.exitCode = fault ? 1 : 0
} finally {
  await db.close()
  await database.stop?.()
}
