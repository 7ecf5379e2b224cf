import type { Permission } from '../../src/access/permissions.ts'
import * as made from './made-for-actions.ts'

export interface Action {
  door: string
  /** Whose it is: the company's, people's (those of the team, for a role for a team), one's own; or it changes nothing. */
  of: 'company' | 'people' | 'self' | 'nobody'
  permission?: Permission
  /** The form that it is sent from, where that has an address of its own. */
  form?: string
  /** Who does it, where it is nobody of the office. */
  actor?: { role?: string; verified?: boolean }
  make: made.Make
}

const none = made.just({})
const people = (path: string, permission: Permission, make: made.Make): Action => ({
  ...{ door: `POST ${path}`, of: 'people', permission, make },
})
/** `form`: the same address, unless another is given; null where it has none of its own. */
const company = (
  path: string,
  permission: Permission,
  make: made.Make,
  form: string | null = path,
): Action => ({
  ...{ door: `POST ${path}`, of: 'company', permission, make, ...(form ? { form } : {}) },
})
const own = (path: string, make: made.Make = none, actor: Action['actor'] = {}): Action => ({
  ...{ door: `POST ${path}`, of: 'self', make, actor },
})

const texts = '/settings/communications/canned-responses'
const roles = '/settings/company/roles'
const teams = '/settings/company/teams'
const automations = '/automations/security/:key'
const dormant = { every: 'hour', runAt: '07:00', peopleADay: '50', days: '91', exempt: '' }

/** Every action of somebody who is signed in, by the door that it is done through. */
export const actions: Action[] = [
  company('/settings/company/profile', 'settings.manage', made.just({ name: 'Acme Ltd', timeZone: 'UTC' })),
  company('/settings/company/security', 'settings.manage', made.policy),
  company(teams, 'users.manage', made.newTeam),
  company(`${teams}/:id`, 'users.manage', made.team),
  company(`${roles}/new`, 'roles.manage', made.newRole),
  company(`${roles}/:id`, 'roles.manage', made.role),
  company(`${roles}/:id/deletion`, 'roles.manage', made.role, `${roles}/:id`),
  company(texts, 'campaigns.manage', made.newText, `${texts}/new`),
  company(`${texts}/:id`, 'campaigns.manage', made.canned(false)),
  company(`${texts}/:id/restore`, 'campaigns.manage', made.canned(true), `${texts}/:id`),
  company(`${texts}/:id/delete`, 'campaigns.manage', made.canned(false), `${texts}/:id`),
  { door: `POST ${texts}/preview`, of: 'nobody', permission: 'campaigns.manage', make: made.newText },
  company(automations, 'automations.manage', made.automation(dormant)),
  company(`${automations}/switch`, 'automations.manage', made.automation({ to: 'off' }), automations),
  company(`${automations}/runs`, 'automations.manage', made.automation({}), automations),
  company('/activity-log/evidence-key', 'settings.manage', none, null),
  company('/activity-log/retention', 'settings.manage', made.months, null),
  people('/campaigns', 'campaigns.manage', made.starting),
  people('/campaigns/:id/pause', 'campaigns.manage', made.campaign('running')),
  people('/campaigns/:id/resume', 'campaigns.manage', made.campaign('paused')),
  people('/campaigns/:id/remind', 'campaigns.manage', made.campaign('finished')),
  people('/campaigns/:id/cancel', 'campaigns.manage', made.campaign('running')),
  people('/fieldworkers/new', 'users.manage', made.newWorker),
  people('/settings/company/users/new', 'users.manage', made.newUser),
  people('/fieldworkers/import', 'users.manage', made.file),
  people('/fieldworkers/import/:id/start', 'users.manage', made.checked),
  people('/fieldworkers/bulk', 'users.manage', made.blocking),
  people('/fieldworkers/bulk', 'campaigns.manage', made.choosing),
  people('/users/:id/details', 'users.manage', made.someone({ name: 'Wanda Other' })),
  people('/users/:id/role', 'users.manage', made.someone({ teamId: '' })),
  people('/users/:id/status', 'users.manage', made.someone({ status: 'blocked' })),
  people('/users/:id/invitation', 'users.manage', made.someone({}, { status: 'invited' })),
  people('/users/:id/password', 'passwords.change', made.officePassword),
  people('/users/:id/password-reset', 'passwords.change', made.someone()),
  people('/users/:id/email-verification', 'passwords.change', made.someone({}, { verified: false })),
  people('/users/:id/sessions/end', 'passwords.change', made.signedInWorker),
  people('/users/:id/impersonation', 'users.impersonate', made.someone({ reason: 'No job sheet' })),
  own('/account/password', made.ownPassword),
  own('/m/password', made.phonePassword, { role: 'Fieldworker' }),
  own('/account/email', made.ownEmail),
  own('/account/email-verification', none, { verified: false }),
  own('/account/sessions/:id/end', made.device),
  own('/account/sessions/end-others', made.device),
  own('/confirm-password', made.proof),
  own('/sign-out'),
]
