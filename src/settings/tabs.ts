import { hasPermission, type Actor } from '../access/actor.ts'

/** The settings pages that a person may open. The navigation links to the first. */
export function settingsTabs(actor: Actor): { label: string; href: string }[] {
  const company = actor.role.scope === 'company'
  const managesUsers = company && hasPermission(actor, 'users.manage')
  // These pages ask for the password, which no one can enter during impersonation.
  const managesSettings = company && hasPermission(actor, 'settings.manage') && !actor.impersonator
  const managesRoles = company && hasPermission(actor, 'roles.manage')
  const tabs = [
    { label: 'Users', at: 'company/users', open: hasPermission(actor, 'users.view') },
    { label: 'Teams', at: 'company/teams', open: managesUsers },
    { label: 'Roles & permissions', at: 'company/roles', open: managesRoles },
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
