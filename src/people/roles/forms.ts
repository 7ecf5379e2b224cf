import { z } from 'zod'
import { permissions, type Permission } from '../../access/permissions.ts'
import { singleLine } from '../../platform/web/form.ts'

const unknown = 'Choose from the listed permissions.'

/** Checkboxes of one name: none, one or several; in the order of the list, without duplicates. */
const checkedPermissions = z
  .preprocess(
    (typed): unknown[] => (typed === undefined ? [] : [typed].flat()),
    z.array(z.enum(permissions, unknown), unknown),
  )
  .transform((chosen): Permission[] => permissions.filter((permission) => chosen.includes(permission)))

const Fields = z.object({
  name: singleLine('Enter a name for the role.', 80),
  scope: z.enum(['company', 'team'], 'Choose a scope for the role.'),
  permissions: checkedPermissions,
})

export const RoleForm = Fields.refine(
  ({ permissions }) => permissions.includes('users.view') || !permissions.some(ofFoundPeople),
  {
    path: ['permissions'],
    when: ({ issues }) => !issues.some(({ path }) => path?.[0] === 'permissions'),
    error:
      'Who changes passwords or logs in as somebody has to find that person first. Tick View people, too, or clear those.',
  },
).refine(({ scope, permissions }) => scope !== 'team' || !permissions.some(companyWide), {
  path: ['scope'],
  // Shown together with an error of the name.
  when: ({ issues }) => !issues.some(({ path }) => path?.[0] === 'permissions'),
  error:
    'Running automations, setting roles and changing settings affect the whole company. Choose Company, or clear them.',
})
export type RoleChoice = z.output<typeof RoleForm>

const ofFoundPeople = (permission: Permission) =>
  ['passwords.change', 'users.impersonate'].includes(permission)
const companyWide = (permission: Permission) =>
  ['automations.manage', 'roles.manage', 'settings.manage'].includes(permission)

/** The version that the form was opened with. An invalid one counts as outdated. */
export const Version = z.coerce.number().int().catch(0)
