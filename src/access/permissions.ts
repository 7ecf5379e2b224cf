/**
 * Every permission, and what it gives power over: reading gives none over a person, and what is over credentials is
 * denied during impersonation. `migrate` writes the names into the database.
 */
export const permissionKinds = {
  'users.view': 'reading',
  'users.manage': 'accounts',
  'passwords.change': 'credentials',
  'users.impersonate': 'credentials',
  'activity.view': 'reading',
  'activity.export': 'reading',
  'campaigns.manage': 'accounts',
  'automations.manage': 'company',
  'roles.manage': 'company',
  'settings.manage': 'company',
} as const satisfies Record<string, 'reading' | 'accounts' | 'credentials' | 'company'>

export type Permission = keyof typeof permissionKinds
export const permissions = Object.keys(permissionKinds) as Permission[]
