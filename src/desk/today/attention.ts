import type { Actor } from '../../access/actor.ts'
import type { PasswordServices } from '../../auth/passwords/password-services.ts'
import { signInStatusesLoader } from '../../auth/passwords/sign-in-status/load-sign-in-status.ts'
import type { SignInStatus } from '../../people/sign-in-status.ts'
import { attentionKinds, selectAttention, type AttentionKind } from './queries.ts'

/** A row of the Today page: somebody who needs attention, why, and the button that deals with it. */
export interface AttentionRow extends Pick<SignInStatus, 'icon' | 'title' | 'advice' | 'others' | 'action'> {
  colour: 'bad' | 'warn' | ''
  person: { id: string; name: string }
}

/** People of one kind that are shown. The list has the rest. */
const maxShown = 5

/** What the viewer has to deal with today: people who cannot get in, or soon cannot. Each is in it once. */
export async function loadAttention(
  services: Pick<PasswordServices, 'db' | 'loginAttempts'>,
  viewer: Actor,
  timeZone: string,
) {
  const people = await selectAttention(services.db, viewer, timeZone, maxShown + 1)
  const statuses = await signInStatusesLoader(services)(people, viewer, timeZone, 'profile')
  const shown = attentionKinds.flatMap((kind) => {
    const rows = people.flatMap((person, at) => {
      const status = statuses[at]
      // By now they may have signed in, or waited long enough.
      return person.kind === kind && status && status.kind !== 'ok' ? [toRow(person, status)] : []
    })
    return { kind, rows: rows.slice(0, maxShown), more: rows.length > maxShown ? lists[kind] : undefined }
  })
  return {
    rows: shown.flatMap(({ rows }) => rows),
    more: shown.flatMap(({ more }) => more ?? []),
  }
}

const colours: Record<AttentionKind, AttentionRow['colour']> = {
  locked: 'bad',
  expired: 'bad',
  temporary: 'warn',
  bounced: 'warn',
  unverified: 'warn',
  invitation: '',
}

const toRow = (
  { id, name, kind }: { id: string; name: string; kind: AttentionKind },
  { kind: gravity, icon, title, advice, others, action }: SignInStatus,
): AttentionRow => ({
  ...{ icon, title, advice, others, action },
  // The wait may be over by now.
  colour: colours[kind] === 'bad' && gravity !== 'bad' ? 'warn' : colours[kind],
  person: { id, name },
})

/** Where all people of a kind are. */
const lists: Record<AttentionKind, { label: string; href: string }> = {
  locked: { label: 'Everybody who is locked out', href: '/settings/company/users?state=locked' },
  expired: { label: 'All temporary passwords', href: '/settings/company/users?state=temporary' },
  temporary: { label: 'All temporary passwords', href: '/settings/company/users?state=temporary' },
  bounced: { label: 'All emails that failed', href: '/email-log?status=failed' },
  unverified: { label: 'Everybody who is unverified', href: '/settings/company/users?state=unverified' },
  invitation: { label: 'Everybody who is invited', href: '/settings/company/users?status=invited' },
}
