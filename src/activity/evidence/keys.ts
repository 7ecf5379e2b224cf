import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto'
import { systemContext, type Actor, type RequestContext } from '../../access/actor.ts'
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

/** From the environment: the secrets that encrypt a stored key, or the key itself. */
export interface KeyRing {
  sessionSecrets: string[]
  evidenceKey?: KeyObject
}

export interface EvidenceKey {
  fingerprint: string
  privateKey: KeyObject
}

/** The current signing key. It is created at first use, and replaced if the stored one can no longer be decrypted. */
export function currentKey(db: Db, ring: KeyRing): Promise<EvidenceKey> {
  return db.transaction(async (tx) => {
    await lockEvidenceKeys(tx)
    const stored = await selectOptionalKeyInUse(tx)
    return (stored && (await decryptKey(tx, stored, ring))) ?? createKey(tx, systemContext, ring, stored)
  })
}

/** Replaces the key, after authorizing the person again under lock. */
export function replaceKey(
  { db, reauthorize }: { db: Db; reauthorize: ReauthorizeCompany },
  by: RequestContext<Actor>,
  ring: KeyRing,
): Promise<Result<EvidenceKey>> {
  return db.transaction(async (tx) => {
    await lockEvidenceKeys(tx)
    await reauthorize(tx, by, 'settings.manage')
    return rotateKey(tx, by, ring)
  })
}

/** Retires the current key and creates another. Packs signed with the old one stay valid. */
export async function rotateKey(tx: Tx, by: RequestContext, ring: KeyRing): Promise<Result<EvidenceKey>> {
  if (ring.evidenceKey)
    return invalid({
      form: 'The key comes from EVIDENCE_KEY. Set another one there and restart Fieldkey.',
    })
  await lockEvidenceKeys(tx)
  return ok(await createKey(tx, by, ring, await selectOptionalKeyInUse(tx)))
}

/** SHA-256 of the public key (SPKI, DER), in groups that can be read out over the phone. */
export function fingerprintOf(key: KeyObject): string {
  const hex = createHash('sha256').update(publicBytes(key)).digest('hex')
  return hex.match(/.{4}/g)?.join('-') ?? ''
}

/**
 * Decrypts the stored key. If only an older session secret decrypts it, it is encrypted again with the current one.
 */
async function decryptKey(tx: Tx, { id, fingerprint, sealed }: Kept, ring: KeyRing) {
  const { evidenceKey: fromEnvironment, sessionSecrets } = ring
  if (fromEnvironment) {
    if (fingerprintOf(fromEnvironment) !== fingerprint) return undefined
    if (sealed) await updateSealed(tx, id, null)
    return { fingerprint, privateKey: fromEnvironment }
  }
  if (!sealed) return undefined
  for (const [i, secret] of sessionSecrets.entries()) {
    const der = unseal(keyFor('evidence key', [secret]), fingerprint, sealed)
    if (!der) continue
    const key = { fingerprint, privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) }
    if (i > 0) await updateSealed(tx, id, sealKey(ring, key))
    return key
  }
  return undefined
}

async function createKey(
  tx: Tx,
  by: RequestContext,
  ring: KeyRing,
  before: Kept | undefined,
): Promise<EvidenceKey> {
  const privateKey = ring.evidenceKey ?? generateKeyPairSync('ed25519').privateKey
  const key = { fingerprint: fingerprintOf(privateKey), privateKey }
  if (before) await updateRetired(tx, before.id)
  await insertKey(tx, key.fingerprint, publicBytes(privateKey), ring.evidenceKey ? null : sealKey(ring, key))
  const details = { setting: 'evidence key', before: before?.fingerprint ?? null, after: key.fingerprint }
  record(tx, by, { event: 'policy_changed', details })
  return key
}

const sealKey = ({ sessionSecrets }: KeyRing, { fingerprint, privateKey }: EvidenceKey) =>
  seal(
    keyFor('evidence key', sessionSecrets),
    fingerprint,
    privateKey.export({ format: 'der', type: 'pkcs8' }),
  )

const publicBytes = (key: KeyObject) => createPublicKey(key).export({ format: 'der', type: 'spki' })
