import { readFileSync } from 'node:fs'
import path from 'node:path'
import { administer } from './test-server.ts'

const dump = readFileSync(path.join(import.meta.dirname, '../platform/made-by-0.1.0.sql'), 'utf8')

/** Restores a database that 0.1.0 made: 14 people, 146 log entries, and five jobs that wait. */
export function restoreRelease(owner: string, appRole: string): Promise<void> {
  return administer(owner, dump.replaceAll('fieldkey_app', `"${appRole}"`))
}
