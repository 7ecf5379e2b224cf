import type { Actor, By } from '../access/actor.ts'
import type { PasswordMethod } from '../activity/kinds.ts'
import { record } from '../activity/record.ts'
import { post } from '../foundation/mail/post.ts'
import { done, refused, type Outcome } from '../foundation/outcome.ts'
import { NotFound } from '../foundation/web/errors.ts'
import { endSessions } from '../sessions/end.ts'
import { noteProof } from '../sessions/prove.ts'
import { stillThere } from '../sessions/still.ts'
import { choosePassword, faultOf, faultsOfBoth, missing } from './choose.ts'
import type { PasswordKit } from './kit.ts'
import { proveCurrent } from './prove.ts'
import { changedByYou } from './letters.ts'
import { selectOptionalCredential, updatePassword, type Credential } from './queries.ts'

interface Choice {
  newPassword: string
  confirmPassword: string
}
type Changed = Outcome<{ sessionsEnded: number }>

/** Minutes since the password was entered within which the phone asks for no old one. */
export const phoneMinutes = 15

/**
 * Somebody changes their own password, with the old one beside it; a temporary or an expired one is replaced the same way. Their
 * other sessions end and this one goes on; the caller gives it a new id. (ASVS 6.2.2, 6.2.3, 7.4.3)
 */
export async function changeOwnPassword(
  kit: PasswordKit,
  by: By<Actor>,
  change: Choice & { currentPassword: string },
): Promise<Changed> {
  const { currentPassword } = change
  const credential = currentPassword === '' ? undefined : await proveCurrent(kit, by, currentPassword)
  if (!credential) {
    const faults = faultsOfBoth(await kit.companyNow(), by.actor, change)
    return refused({ currentPassword: currentPassword === '' ? missing : wrong, ...faults })
  }
  if (credential.died) return refused({ currentPassword: died })
  return replace(kit, by, credential, change, 'self')
}

/** The same on the phone, where the password proven in this session a short while ago stands for the old one. */
export async function changePasswordOnPhone(
  kit: PasswordKit,
  by: By<Actor>,
  change: Choice,
): Promise<Changed> {
  if (by.actor.passwordAge > phoneMinutes * 60) return refused({ form: proveAgain })
  const credential = await ownCredential(kit, by)
  if (credential.died) return refused({ form: died })
  return replace(kit, by, credential, change, 'mobile')
}

async function ownCredential({ db }: PasswordKit, { actor }: By<Actor>): Promise<Credential> {
  const credential = await selectOptionalCredential(db, actor.id)
  if (!credential) throw new NotFound()
  return credential
}

async function replace(
  { db, hasher, companyNow, companyHeld }: PasswordKit,
  by: By<Actor>,
  credential: Credential,
  choice: Choice,
  how: PasswordMethod,
): Promise<Changed> {
  const { actor } = by
  if (!actor.emailVerified) return refused({ form: unverified })
  const chosen = await choosePassword(hasher, await companyNow(), actor, credential, choice)
  if (!chosen.ok) return chosen
  const { temporary, expired } = credential
  const method = temporary || expired ? 'forced' : how
  return db.transaction(async (tx) => {
    const now = await stillThere(tx, by)
    const { actor: self } = now
    if (!self.emailVerified) return refused({ form: unverified })
    if (how === 'mobile' && self.passwordAge > phoneMinutes * 60) return refused({ form: proveAgain })
    const fault = faultOf(await companyHeld(tx), self, choice.newPassword)
    if (fault) return refused(fault)
    const changed = await updatePassword(tx, {
      ...{ userId: self.id, hash: chosen.value, method, changedBy: self.id },
      ...{ temporaryHours: null, authEpoch: credential.auth_epoch },
    })
    if (!changed) return refused({ form: 'This password was changed elsewhere just now. Sign in again.' })
    const sessionsEnded = await endSessions(tx, now, self, self.sessionId)
    await noteProof(tx, self.sessionId, changed.auth_epoch)
    record(tx, now, {
      event: 'password_change',
      method,
      subject: self,
      details: { sessions_ended: sessionsEnded, ...(expired ? { expired } : {}) },
    })
    await post(tx, changedByYou(self, now, { at: new Date() }))
    return done({ sessionsEnded })
  })
}

const wrong = 'That is not your current password. Type it as you did when you signed in.'
const died = 'This temporary password has expired. Ask your office for another one, or for a reset link.'
const unverified = 'Verify your email first.'
const proveAgain = 'Enter your password once more first.'
