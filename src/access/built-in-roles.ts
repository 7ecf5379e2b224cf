import type { Role } from './actor.ts'
import { permissions } from './permissions.ts'

/** The roles that every company has, most permissions first. Owner has every permission, Admin all but one. */
export const builtInRoles: Role[] = [
  { name: 'Owner', kind: 'office', scope: 'company', permissions: [...permissions] },
  {
    name: 'Admin',
    kind: 'office',
    scope: 'company',
    permissions: permissions.filter((permission) => permission !== 'roles.manage'),
  },
  { name: 'Dispatcher', kind: 'office', scope: 'team', permissions: ['users.view', 'passwords.change'] },
  { name: 'Auditor', kind: 'office', scope: 'company', permissions: ['activity.view', 'activity.export'] },
  { name: 'Fieldworker', kind: 'fieldworker', scope: 'company', permissions: [] },
]
