import { device } from '../../../activity/device.ts'
import type { Actor, Person } from '../../../access/actor.ts'
import type { Company } from '../../../company/queries.ts'
import { textOf, type Fields } from '../../../platform/web/form.ts'
import type { Device } from '../../sessions/devices/queries.ts'
import type { PasswordServices } from '../password-services.ts'
import {
  selectAddressState,
  selectOptionalPendingCode,
  selectOptionalUsableCheck,
  type PendingCode,
  type UsableCheck,
} from './queries.ts'

/** The caller check in the dialog of the office. It never holds the code. */
export interface CallerCheckView {
  required: boolean
  /** A code goes to a verified address only. */
  offersCode: boolean
  /** The address changed in the last days: when. */
  emailChangedAt: Date | null
  done: UsableCheck | null
  sent: PendingCode | null
  /** Where the code is shown besides the email. */
  shownOn: string
  /** What was chosen and typed, to show it again. */
  outcome: string
  reason: string
  code: string
}

export async function callerCheckView(
  { db }: Pick<PasswordServices, 'db'>,
  { callerCheck }: Company,
  actor: Actor,
  user: Person,
  devices: Device[],
  typed: Fields,
): Promise<CallerCheckView> {
  const { verified, recentlyChanged, emailChangedAt } = await selectAddressState(db, user.id)
  return {
    required: callerCheck === 'required',
    offersCode: verified,
    emailChangedAt: recentlyChanged ? emailChangedAt : null,
    done: (await selectOptionalUsableCheck(db, user.id, actor.id)) ?? null,
    sent: (await selectOptionalPendingCode(db, user.id, actor.id)) ?? null,
    shownOn: shownOn(devices),
    outcome: textOf(typed.outcome) || (verified ? 'code' : ''),
    reason: textOf(typed.reason),
    code: textOf(typed.code),
  }
}

const shownOn = (devices: Device[]): string =>
  devices.length > 1 ? `${devices.length} signed-in devices` : devices[0] ? device(devices[0].user_agent) : ''
