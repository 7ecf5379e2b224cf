import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto'
import type { Actor, RequestContext } from '../../access/actor.ts'
import type { ReauthorizeCompany } from '../../access/middleware.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { keyFor, seal, unseal } from '../../platform/crypto.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'
import { record } from '../record.ts'
import {
  insertKey,
  lockEvidenceKeys,
  selectOptionalKeyInUse,
  updateRetired,
  updateSealed,
  type Kept,
} from './queries.ts'

/** What the environment brings: the secrets that seal a key kept here, or the key itself. */
export interface KeyRing {
  sessionSecrets: string[]
  evidenceKey?: KeyObject
}

export interface EvidenceKey {
  fingerprint: string
  privateKey: KeyObject
}

const systemContext = { actor: null, ip: null, userAgent: null, requestId: null }

/** The key that signs now. Made at first use; made anew where the one in use cannot be had any more. */
export function currentKey(db: Db, ring: KeyRing): Promise<EvidenceKey> {
  return db.transaction(async (tx) => {
    await lockEvidenceKeys(tx)
    const kept = await selectOptionalKeyInUse(tx)
    return (kept && (await opened(tx, kept, ring))) ?? begin(tx, systemContext, ring, kept)
  })
}

/** The same key no longer, by somebody who may still say so once nobody else changes it. */
export function changeKey(
  { db, still }: { db: Db; still: ReauthorizeCompany },
  by: RequestContext<Actor>,
  ring: KeyRing,
): Promise<Result<EvidenceKey>> {
  return db.transaction(async (tx) => {
    await lockEvidenceKeys(tx)
    await still(tx, by, 'settings.manage')
    return rotateKey(tx, by, ring)
  })
}

/** Retires the key in use and begins another. What the old one signed stays good. */
export async function rotateKey(tx: Tx, by: RequestContext, ring: KeyRing): Promise<Result<EvidenceKey>> {
  if (ring.evidenceKey)
    return invalid({
      form: 'The key comes from EVIDENCE_KEY. Put another one there and start Fieldkey anew.',
    })
  await lockEvidenceKeys(tx)
  return ok(await begin(tx, by, ring, await selectOptionalKeyInUse(tx)))
}

/** SHA-256 of the public key (SPKI, DER), in groups that can be read out over the phone. */
export function fingerprintOf(key: KeyObject): string {
  const hex = createHash('sha256').update(publicBytes(key)).digest('hex')
  return hex.match(/.{4}/g)?.join('-') ?? ''
}

/** The key as it was kept; sealed anew where only an older session secret opened it. */
async function opened(tx: Tx, { id, fingerprint, sealed }: Kept, ring: KeyRing) {
  const { evidenceKey: given, sessionSecrets } = ring
  if (given) {
    if (fingerprintOf(given) !== fingerprint) return undefined
    if (sealed) await updateSealed(tx, id, null)
    return { fingerprint, privateKey: given }
  }
  if (!sealed) return undefined
  for (const [at, secret] of sessionSecrets.entries()) {
    const der = unseal(keyFor('evidence key', [secret]), fingerprint, sealed)
    if (!der) continue
    const key = { fingerprint, privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) }
    if (at > 0) await updateSealed(tx, id, sealedFor(ring, key))
    return key
  }
  return undefined
}

async function begin(
  tx: Tx,
  by: RequestContext,
  ring: KeyRing,
  before: Kept | undefined,
): Promise<EvidenceKey> {
  const privateKey = ring.evidenceKey ?? generateKeyPairSync('ed25519').privateKey
  const key = { fingerprint: fingerprintOf(privateKey), privateKey }
  if (before) await updateRetired(tx, before.id)
  await insertKey(
    tx,
    key.fingerprint,
    publicBytes(privateKey),
    ring.evidenceKey ? null : sealedFor(ring, key),
  )
  const details = { setting: 'evidence key', before: before?.fingerprint ?? null, after: key.fingerprint }
  record(tx, by, { event: 'policy_changed', details })
  return key
}

const sealedFor = ({ sessionSecrets }: KeyRing, { fingerprint, privateKey }: EvidenceKey) =>
  seal(
    keyFor('evidence key', sessionSecrets),
    fingerprint,
    privateKey.export({ format: 'der', type: 'pkcs8' }),
  )

const publicBytes = (key: KeyObject) => createPublicKey(key).export({ format: 'der', type: 'spki' })
