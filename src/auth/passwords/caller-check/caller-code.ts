import type { Actor } from '../../../access/actor.ts'
import type { CallerCode } from '../../../people/caller-code.ts'
import type { Db } from '../../../platform/db.ts'
import type { CallerCodeOf } from '../../../platform/email/render.ts'
import type { PasswordServices } from '../password-services.ts'
import { codeOf, spaced } from './code.ts'
import { selectOptionalCode, selectOptionalOpenCode } from './queries.ts'

/** The code of an email, derived when the email is sent. */
export const callerCodeOf =
  (db: Db, key: Buffer): CallerCodeOf =>
  async (checkId) => {
    const code = await selectOptionalCode(db, checkId)
    if (!code) throw new Error('The caller check of this email no longer exists')
    return codeOf(key, code)
  }

/** The code that the office asks the actor for, for their own pages. Nobody sees it while working as them. */
export const callerCodeLoader =
  ({ db, callerCodeKey }: Pick<PasswordServices, 'db' | 'callerCodeKey'>) =>
  async (actor: Actor): Promise<CallerCode | null> => {
    if (actor.impersonator) return null
    const code = await selectOptionalOpenCode(db, actor.id)
    return code ? { code: spaced(codeOf(callerCodeKey, code)), by: code.officeName, until: code.until } : null
  }
