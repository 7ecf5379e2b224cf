import pg from 'pg'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { Db } from '../../src/platform/db.ts'
import { log } from '../../src/platform/log.ts'

// The real app in a separate process. When it receives a number, it counts the statements of the next transaction and
// after it, and is killed, as by a power cut, just before it would send that statement.
let killBefore: number | undefined
let statements = 0

const send = pg.Client.prototype.query as (...args: unknown[]) => unknown
pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
  const [statement] = args as [string | { text: string }]
  const begins = statement === 'begin'
  if (killBefore !== undefined && (begins || statements > 0)) statements++
  if (statements === killBefore) process.kill(process.pid, 'SIGKILL')
  return send.apply(this, args)
} as typeof pg.Client.prototype.query

log.level = 'silent'
const config = readConfig(process.env)
const expressApp = createApp({ db: new Db(config.databaseUrl ?? ''), config })
const server = expressApp.listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as { port: number }).port)
})
process.on('message', (number: number) => {
  killBefore = number
  process.send?.('armed')
})
