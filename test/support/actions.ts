import type { Permission } from '../../src/access/permissions.ts'
import * as made from './made-for-actions.ts'

export interface Action {
  route: string
  /** What it acts on: the company, people (those of the team, for a team role), the actor; or it changes nothing. */
  of: 'company' | 'people' | 'self' | 'nobody'
  permission?: Permission
  /** The page of its form, if that has its own address; `list` if the page holds other things, too. */
  form?: string
  list?: string
  /** Whether it asks for the password if that was entered more than half an hour ago. */
  proof: boolean
  /** Whether its answer is a page, with what is shown once. */
  shows?: boolean
  /** The actor, if it is not office staff. */
  actor?: { role?: string; verified?: boolean }
  make: made.Make
}

const none = made.just({})
const people = (path: string, permission: Permission, make: made.Make, proof = true): Action => ({
  route: `POST ${path}`,
  of: 'people',
  permission,
  make,
  proof,
})
const company = (
  path: string,
  permission: Permission,
  make: made.Make,
  place: Pick<Action, 'form' | 'list'> = { form: path },
): Action => ({ ...people(path, permission, make), of: 'company', ...place })
const own = (path: string, make: made.Make = none, actor: Action['actor'] = {}, proof = false): Action => ({
  route: `POST ${path}`,
  of: 'self',
  make,
  actor,
  proof,
})

const texts = '/settings/communications/canned-responses'
const roles = '/settings/company/roles'
const teams = '/settings/company/teams'
const automations = '/automations/security/:key'
const dormant = { every: 'hour', runAt: '07:00', peopleADay: '50', days: '91', exempt: '' }

/** Every action of people who are signed in, with its route. */
export const actions: Action[] = [
  company('/settings/company/profile', 'settings.manage', made.just({ name: 'Acme Ltd', timeZone: 'UTC' })),
  company('/settings/company/test-email', 'settings.manage', none, { list: '/settings/company/profile' }),
  company('/settings/company/security', 'settings.manage', made.policy),
  company('/today/first-steps/dismiss', 'settings.manage', none, {}),
  company(teams, 'users.manage', made.newTeam, { list: teams }),
  company(`${teams}/:id`, 'users.manage', made.team),
  company(`${roles}/new`, 'roles.manage', made.newRole),
  company(`${roles}/:id`, 'roles.manage', made.role),
  company(`${roles}/:id/deletion`, 'roles.manage', made.role, { form: `${roles}/:id` }),
  company(texts, 'campaigns.manage', made.newText, { form: `${texts}/new` }),
  company(`${texts}/:id`, 'campaigns.manage', made.canned(false)),
  company(`${texts}/:id/restore`, 'campaigns.manage', made.canned(true), { form: `${texts}/:id` }),
  company(`${texts}/:id/delete`, 'campaigns.manage', made.canned(false), { form: `${texts}/:id` }),
  { ...company(`${texts}/preview`, 'campaigns.manage', made.newText, {}), of: 'nobody', proof: false },
  company(automations, 'automations.manage', made.automation(dormant), { list: automations }),
  company(`${automations}/switch`, 'automations.manage', made.automation({ to: 'off' }), {
    list: automations,
  }),
  company(`${automations}/runs`, 'automations.manage', made.automation({}), { list: automations }),
  company('/activity-log/evidence-key', 'settings.manage', none, {}),
  company('/activity-log/retention', 'settings.manage', made.months, {}),
  people('/campaigns', 'campaigns.manage', made.starting),
  people('/campaigns/:id/pause', 'campaigns.manage', made.campaign('running')),
  people('/campaigns/:id/resume', 'campaigns.manage', made.campaign('paused')),
  people('/campaigns/:id/remind', 'campaigns.manage', made.campaign('finished')),
  people('/campaigns/:id/cancel', 'campaigns.manage', made.campaign('running')),
  people('/fieldworkers/new', 'users.manage', made.newWorker, false),
  people('/settings/company/users/new', 'users.manage', made.newUser),
  people('/fieldworkers/import', 'users.manage', made.file),
  people('/fieldworkers/import/:id/start', 'users.manage', made.checked),
  people('/fieldworkers/bulk', 'users.manage', made.blocking),
  people('/fieldworkers/bulk', 'campaigns.manage', made.choosing, false),
  people('/users/:id/details', 'users.manage', made.someone({ name: 'Wanda Other' })),
  people('/users/:id/role', 'users.manage', made.someone({ teamId: '' })),
  people('/users/:id/status', 'users.manage', made.someone({ status: 'blocked' })),
  people('/users/:id/invitation', 'users.manage', made.someone({}, { status: 'invited' })),
  people('/users/:id/password', 'passwords.change', made.officePassword),
  people('/users/:id/caller-check', 'passwords.change', made.someone()),
  people('/users/:id/caller-check/code', 'passwords.change', made.someone({ outcome: 'recognised' })),
  people('/users/:id/password-reset', 'passwords.change', made.someone()),
  { ...people('/users/:id/sign-in-code', 'passwords.change', made.someone()), shows: true },
  people('/users/:id/email-verification', 'passwords.change', made.someone({}, { verified: false })),
  people('/users/:id/unlock', 'passwords.change', made.lockedWorker),
  people('/users/:id/sessions/end', 'passwords.change', made.signedInWorker),
  people('/users/:id/impersonation', 'users.impersonate', made.someone({ reason: 'No job sheet' })),
  own('/account/password', made.ownPassword),
  own('/m/password', made.phonePassword, { role: 'Fieldworker' }),
  own('/account/caller-code/refuse', made.askedForCode),
  own('/account/email', made.ownEmail),
  own('/account/email-verification', none, { verified: false }),
  own('/account/sessions/:id/end', made.device, {}, true),
  own('/account/sessions/end-others', made.device, {}, true),
  own('/confirm-password', made.proof),
  own('/views', made.just({ name: 'Active', address: '/fieldworkers?status=active' })),
  own('/views/:id/remove', made.savedView),
]
