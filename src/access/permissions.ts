/** Every permission. `migrate` writes them into the database. */
export const permissions = [
  'users.view',
  'users.manage',
  'passwords.change',
  'users.impersonate',
  'activity.view',
  'activity.export',
  'campaigns.manage',
  'automations.manage',
  'roles.manage',
  'settings.manage',
] as const
export type Permission = (typeof permissions)[number]
