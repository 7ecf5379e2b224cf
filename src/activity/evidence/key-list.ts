import fs from 'node:fs/promises'
import path from 'node:path'
import type { Db } from '../../platform/db.ts'
import { log } from '../../platform/log.ts'
import { selectEvidenceKeys } from './queries.ts'

const head = `# Keys that sign the evidence packs of this Fieldkey: fingerprint, since, until, public key (SPKI, base64).
# npm run verify-evidence expects a pack to be signed by one of these. Fieldkey rewrites this file at each start.
`

/** Writes the public keys into the data folder, for the command that checks packs without a database. */
export async function writeKeyList(db: Db, folder: string): Promise<void> {
  try {
    const lines = (await selectEvidenceKeys(db)).map(({ fingerprint, public_key, made_at, retired_at }) =>
      [
        fingerprint,
        made_at.toISOString(),
        retired_at?.toISOString() ?? 'in-use',
        public_key.toString('base64'),
      ].join(' '),
    )
    await fs.mkdir(folder, { recursive: true })
    const file = path.join(folder, 'evidence-keys.txt')
    await fs.writeFile(`${file}.${process.pid}`, `${head}${lines.join('\n')}\n`)
    await fs.rename(`${file}.${process.pid}`, file)
  } catch (error) {
    log.warn({ err: error as Error }, 'the list of evidence keys could not be written')
  }
}
