import { hasPermission, type Actor } from '../../access/actor.ts'
import type { PasswordServices } from '../../auth/passwords/password-services.ts'
import { signInStatusesLoader } from '../../auth/passwords/sign-in-status/load-sign-in-status.ts'
import type { SignInStatus } from '../../people/sign-in-status.ts'
import { inSentence } from '../../platform/web/dates.ts'
import { attentionKinds, selectAttention, type Attention, type AttentionKind } from './queries.ts'

/** A row of the Today page: somebody who needs attention, why, and the button that deals with it. */
export interface AttentionRow extends Pick<SignInStatus, 'icon' | 'title' | 'advice' | 'others' | 'action'> {
  colour: 'bad' | 'warn' | ''
  person: { id: string; name: string }
  /** A page that helps to find out more, where no button can deal with it. */
  link?: { label: string; href: string }
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
      return person.kind === kind && status ? toRows(person, status, viewer, timeZone) : []
    })
    const more = rows.length > maxShown && mayOpen(viewer, lists[kind]) ? [lists[kind]] : []
    return { rows: rows.slice(0, maxShown), more }
  })
  return {
    rows: shown.flatMap(({ rows }) => rows),
    more: shown.flatMap(({ more }) => more),
  }
}

const colours: Record<AttentionKind, AttentionRow['colour']> = {
  call_refused: 'bad',
  call_failed: 'bad',
  locked: 'bad',
  expired: 'bad',
  temporary: 'warn',
  bounced: 'warn',
  unverified: 'warn',
  invitation: '',
}

/** One row, or none: by now they may have signed in, or waited long enough. */
function toRows(person: Attention, status: SignInStatus, viewer: Actor, timeZone: string): AttentionRow[] {
  const { id, name, kind } = person
  if (kind === 'call_refused' || kind === 'call_failed')
    return [{ ...callRow(person, kind, viewer, timeZone), colour: colours[kind], person: { id, name } }]
  if (status.kind === 'ok') return []
  const { icon, title, advice, others, action } = status
  const colour = colours[kind] === 'bad' && status.kind !== 'bad' ? 'warn' : colours[kind]
  return [{ ...{ icon, title, advice, others, action, colour }, person: { id, name } }]
}

/** Somebody may have phoned the office in their name. */
function callRow(
  { id, due }: Attention,
  kind: 'call_refused' | 'call_failed',
  viewer: Actor,
  timeZone: string,
) {
  const at = inSentence(due, timeZone)
  const texts = {
    call_refused: {
      title: `Did not phone the office (${at})`,
      advice:
        'Somebody else did, in their name. Look at what was changed, and call them back on a number that you know.',
    },
    call_failed: {
      title: `A caller read out three wrong codes (${at})`,
      advice: 'It may not have been them. Call them back on a number that you know.',
    },
  }
  const link = { label: 'Look at the activity', href: `/fieldworkers/${id}/activity` }
  const seesActivity = hasPermission(viewer, 'activity.view')
  return { ...texts[kind], icon: 'phone-call', others: [], action: null, ...(seesActivity ? { link } : {}) }
}

interface List {
  label: string
  href: string
}

/** Where all people of a kind are. */
const lists: Record<AttentionKind, List> = {
  call_refused: { label: 'All refused calls', href: '/activity-log?event=caller_code_refused' },
  call_failed: { label: 'All failed caller checks', href: '/activity-log?event=caller_check_failed' },
  locked: { label: 'Everybody who is locked out', href: '/settings/company/users?state=locked' },
  expired: { label: 'All temporary passwords', href: '/settings/company/users?state=temporary' },
  temporary: { label: 'All temporary passwords', href: '/settings/company/users?state=temporary' },
  bounced: { label: 'All emails that failed', href: '/email-log?status=failed' },
  unverified: { label: 'Everybody who is unverified', href: '/settings/company/users?state=unverified' },
  invitation: { label: 'Everybody who is invited', href: '/settings/company/users?status=invited' },
}

const mayOpen = (viewer: Actor, { href }: List): boolean =>
  href.startsWith('/settings/company/users') || hasPermission(viewer, 'activity.view')
