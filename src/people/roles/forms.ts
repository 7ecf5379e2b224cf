import { z } from 'zod'
import { permissions, type Permission } from '../../access/permissions.ts'
import { singleLine } from '../../platform/web/form.ts'

const unknown = 'Choose among the permissions that are listed.'

/** Tick-boxes of one name: none, one or several; in the order of the list, each once. */
const ticked = z
  .preprocess(
    (typed): unknown[] => (typed === undefined ? [] : [typed].flat()),
    z.array(z.enum(permissions, unknown), unknown),
  )
  .transform((chosen): Permission[] => permissions.filter((permission) => chosen.includes(permission)))

const Fields = z.object({
  name: singleLine('Give the role a name.', 80),
  scope: z.enum(['company', 'team'], 'Choose how far the role reaches.'),
  permissions: ticked,
})

export const RoleForm = Fields.refine(
  ({ scope, permissions }) => scope !== 'team' || !permissions.some(companyWide),
  {
    path: ['scope'],
    // Told along with a name that is wrong, too.
    when: ({ issues }) => !issues.some(({ path }) => path?.[0] === 'permissions'),
    error:
      'Running automations, setting roles and changing settings touch the whole company. Choose Company, or untick them.',
  },
)
export type RoleChoice = z.output<typeof RoleForm>

const companyWide = (permission: Permission) =>
  ['automations.manage', 'roles.manage', 'settings.manage'].includes(permission)

/** Which save of the role the form was filled from; an odd one is an old one. */
export const Version = z.coerce.number().int().catch(0)
