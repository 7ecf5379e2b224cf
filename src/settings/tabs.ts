import { holds, type Actor } from '../access/actor.ts'

/** The pages of Company Settings that somebody may open; the bar leads to the first. */
export function settingsTabs(actor: Actor): { label: string; href: string }[] {
  const company = actor.role.scope === 'company'
  return [
    { label: 'Users', href: '/settings/company/users', open: holds(actor, 'users.view') },
    {
      label: 'Roles & permissions',
      href: '/settings/company/roles',
      open: company && holds(actor, 'roles.manage'),
    },
  ].filter(({ open }) => open)
}
