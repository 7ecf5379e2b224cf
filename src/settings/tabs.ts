import { hasPermission, type Actor } from '../access/actor.ts'

/** The pages of the settings that somebody may open; the bar leads to the first. */
export function settingsTabs(actor: Actor): { label: string; href: string }[] {
  const company = actor.role.scope === 'company'
  const managesUsers = company && hasPermission(actor, 'users.manage')
  // They open with a password, which nobody has in another's name.
  const managesSettings = company && hasPermission(actor, 'settings.manage') && !actor.impersonator
  const setsRoles = company && hasPermission(actor, 'roles.manage')
  const tabs = [
    { label: 'Users', at: 'company/users', open: hasPermission(actor, 'users.view') },
    { label: 'Teams', at: 'company/teams', open: managesUsers },
    { label: 'Roles & permissions', at: 'company/roles', open: setsRoles },
    { label: 'Security', at: 'company/security', open: managesSettings },
    { label: 'Company', at: 'company/profile', open: managesSettings },
    {
      label: 'Canned responses',
      at: 'communications/canned-responses',
      open: company && hasPermission(actor, 'campaigns.manage'),
    },
  ]
  return tabs.filter(({ open }) => open).map(({ label, at }) => ({ label, href: `/settings/${at}` }))
}
