import type { Role } from '../../access/actor.ts'
import type { Permission } from '../../access/permissions.ts'

interface Explained {
  permission: Permission
  label: string
  explanation: string
}

/** Every permission in plain words, in the order in which the matrix shows them. */
export const groups: { name: string; permissions: Explained[] }[] = [
  {
    name: 'People',
    permissions: [
      {
        permission: 'users.view',
        label: 'View people',
        explanation: 'Find people and open their profiles. Whoever works on people needs it.',
      },
      {
        permission: 'users.manage',
        label: 'Create, edit, import, change status',
        explanation: 'Invite people, change their details, activate, deactivate, block and unblock them.',
      },
      {
        permission: 'passwords.change',
        label: 'Change passwords, send links, end sessions',
        explanation: 'Set a password for somebody, mail them a reset link, sign them out everywhere.',
      },
      {
        permission: 'users.impersonate',
        label: 'Login as this user',
        explanation: 'Work as somebody else for at most an hour. They see it, and it is in the log.',
      },
    ],
  },
  {
    name: 'Activity',
    permissions: [
      {
        permission: 'activity.view',
        label: 'Read the activity log',
        explanation: 'See who did what and when, and which mails went out.',
      },
      {
        permission: 'activity.export',
        label: 'Export it',
        explanation: 'Take the log away as CSV or as a signed evidence pack.',
      },
    ],
  },
  {
    name: 'Company',
    permissions: [
      {
        permission: 'campaigns.manage',
        label: 'Run campaigns',
        explanation: 'Mail many people at once that they should choose a new password.',
      },
      {
        permission: 'automations.manage',
        label: 'Run automations',
        explanation:
          'Switch on what happens by itself, such as reminders; each asks for the right to do so by hand. Only with a role that reaches the company.',
      },
      {
        permission: 'roles.manage',
        label: 'Set roles',
        explanation:
          'Make, change and delete roles, never beyond what they hold. Only with a role that reaches the company.',
      },
      {
        permission: 'settings.manage',
        label: 'Change settings',
        explanation:
          'Set the security policy and the company’s details. Only with a role that reaches the company.',
      },
    ],
  },
]

/** How far a role reaches, as the matrix says it. */
export function scopeLabel({ scope, permissions }: Pick<Role, 'scope' | 'permissions'>): string {
  if (permissions.length === 0) return 'Own account'
  return scope === 'company' ? 'Company' : 'Own team'
}

/** "own team: users.view, passwords.change", as the log keeps a role. */
export function describeRole({ scope, permissions }: Pick<Role, 'scope' | 'permissions'>): string {
  return `${scope === 'company' ? 'company' : 'own team'}: ${permissions.join(', ') || 'no permission'}`
}
