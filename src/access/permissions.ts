/** Every permission. A database constraint has the same list. */
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
