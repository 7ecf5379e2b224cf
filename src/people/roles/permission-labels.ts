import type { Role } from '../../access/actor.ts'
import type { Permission } from '../../access/permissions.ts'

interface PermissionLabel {
  permission: Permission
  label: string
  explanation: string
}

/** A label and an explanation of every permission, in the order of the matrix. */
export const groups: { name: string; permissions: PermissionLabel[] }[] = [
  {
    name: 'People',
    permissions: [
      {
        permission: 'users.view',
        label: 'View people',
        explanation: 'Find people and open their profiles. It is needed for all work with people.',
      },
      {
        permission: 'users.manage',
        label: 'Create, edit, import, change status',
        explanation: 'Invite people, change their details, activate, deactivate, block and unblock them.',
      },
      {
        permission: 'passwords.change',
        label: 'Change passwords, send links, end sessions',
        explanation: 'Set a person’s password, email them a reset link, sign them out everywhere.',
      },
      {
        permission: 'users.impersonate',
        label: 'Login as this user',
        explanation: 'Work as another person for at most an hour. They see it, and it is in the log.',
      },
    ],
  },
  {
    name: 'Activity',
    permissions: [
      {
        permission: 'activity.view',
        label: 'Read the activity log',
        explanation: 'See who did what and when, and which emails were sent.',
      },
      {
        permission: 'activity.export',
        label: 'Export it',
        explanation: 'Download the log as CSV or as a signed evidence pack.',
      },
    ],
  },
  {
    name: 'Company',
    permissions: [
      {
        permission: 'campaigns.manage',
        label: 'Run campaigns',
        explanation: 'Email many people at once to ask for a new password.',
      },
      {
        permission: 'automations.manage',
        label: 'Run automations',
        explanation:
          'Turn on scheduled actions such as reminders. Each also needs the permission to do the same by hand. Only with a role for the whole company.',
      },
      {
        permission: 'roles.manage',
        label: 'Set roles',
        explanation:
          'Create, change and delete roles with no more permissions than one’s own. Only with a role for the whole company.',
      },
      {
        permission: 'settings.manage',
        label: 'Change settings',
        explanation:
          'Set the security policy and the company’s details. Only with a role for the whole company.',
      },
    ],
  },
]

/** The scope of a role, as the matrix shows it. */
export function scopeLabel({ scope, permissions }: Pick<Role, 'scope' | 'permissions'>): string {
  if (permissions.length === 0) return 'Own account'
  return scope === 'company' ? 'Company' : 'Own team'
}

/** "own team: users.view, passwords.change", as the log keeps a role. */
export function describeRole({ scope, permissions }: Pick<Role, 'scope' | 'permissions'>): string {
  return `${scope === 'company' ? 'company' : 'own team'}: ${permissions.join(', ') || 'no permission'}`
}
