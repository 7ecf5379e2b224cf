import { action } from '../../access/action.ts'
import type { Router, Request, Response } from 'express'
import { z } from 'zod'
import { hasPermission, type Actor } from '../../access/actor.ts'
import { actorOf, requireCompanyPermission, requireRecentPassword } from '../../access/middleware.ts'
import { permissions, type Permission } from '../../access/permissions.ts'
import type { Db } from '../../platform/db.ts'
import type { Errors } from '../../platform/result.ts'
import { NotFound } from '../../platform/web/errors.ts'
import { soundPart, typedFields, textOf } from '../../platform/web/form.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { strictRouter } from '../../platform/web/router.ts'
import { changeRole } from './change-role.ts'
import { removeRole } from './delete-role.ts'
import { RoleForm, Version } from './forms.ts'
import { createRole, nameError } from './create-role.ts'
import { selectOptionalRole, selectRoles, type RoleRow } from './queries.ts'
import { canEditRole } from './authorize.ts'
import { counted } from '../../platform/counted.ts'
import { groups, scopeLabel } from './permission-labels.ts'

declare global {
  interface Views {
    'people/roles/roles': { actor: Actor; groups: typeof groups; roles: RoleView[] }
    'people/roles/role': Column & {
      groups: typeof groups
      others: RoleView[]
      affected: string | undefined
      own: boolean
    }
  }
}

const path = '/settings/company/roles'
const guard = requireCompanyPermission('roles.manage')

/** Roles & permissions: the matrix, and the company's own roles. */
export function roleRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()

  router.get(path, guard, async (req, res) => {
    const roles = (await selectRoles(db)).map(toRoleView)
    renderPage(res, 'people/roles/roles', {
      title: 'Roles & permissions',
      actor: actorOf(req),
      groups,
      roles,
    })
  })

  router.get(`${path}/new`, guard, async (req, res) => {
    if (requireRecentPassword(req, res)) await rolePage(db, req, res, undefined)
  })

  const permission = { company: 'roles.manage' } as const

  router.post(
    `${path}/new`,
    action({
      permission,
      target: null,
      stepUp: 'desk',
      form: RoleForm,
      showErrors: ({ req, res }, errors) => rolePage(db, req, res, undefined, errors),
      run: ({ by, form }) => createRole(db, by, form),
      flash: ({ form }) => [`The role ${form.name} is created`, 'Give it to people in their profile.'],
      redirect: path,
    }),
  )
  router.get(`${path}/:id`, guard, async (req, res) => {
    const role = await requestedRole(db, req)
    if (editable(role, actorOf(req)) && !requireRecentPassword(req, res)) return
    await rolePage(db, req, res, role)
  })

  router.post(
    `${path}/:id`,
    action({
      permission,
      target: (req) => requestedRole(db, req),
      stepUp: 'desk',
      form: RoleForm,
      showErrors: async ({ req, res }, errors) =>
        rolePage(db, req, res, await requestedRole(db, req), errors),
      run: ({ by, target, typed, form }) => changeRole(db, by, target.id, Version.parse(typed.version), form),
      flash: ({ target, form }) => [`The role ${form.name} is saved`, affected(target)],
      redirect: path,
    }),
  )
  router.post(
    `${path}/:id/deletion`,
    action({
      permission,
      target: (req) => requestedRole(db, req),
      stepUp: 'desk',
      back: ({ target }) => `${path}/${target.id}`,
      form: null,
      showErrors: async ({ req, res }, errors) =>
        rolePage(db, req, res, await requestedRole(db, req), errors, false),
      run: ({ by, target }) => removeRole(db, by, target.id),
      flash: ({ target }) => [`The role ${target.name} is deleted`, 'No one had it.'],
      redirect: path,
    }),
  )
  return router
}

async function requestedRole(db: Db, req: Request): Promise<RoleRow> {
  const id = z.uuid().safeParse(req.params.id)
  const role = id.success ? await selectOptionalRole(db, id.data) : undefined
  if (!role) throw new NotFound()
  return role
}

const editable = (role: RoleRow, actor: Actor): boolean => !role.built_in && canEditRole(actor, role)

export type RoleView = ReturnType<typeof toRoleView>
const toRoleView = (role: RoleRow) => ({ ...role, reach: scopeLabel(role) })

/** The page of a role, or of a new one, next to all others. After errors it shows what was typed. */
async function rolePage(
  db: Db,
  req: Request,
  res: Response,
  role: RoleRow | undefined,
  errors?: Errors,
  typed = errors !== undefined,
) {
  const actor = actorOf(req)
  const others = (await selectRoles(db)).filter(({ id }) => id !== role?.id)
  const validName = errors && typed ? soundPart(RoleForm, req.body).name : undefined
  const allErrors = { ...(await nameError(db, validName, role?.id ?? null)), ...errors }
  const saved = role ?? { name: '', scope: 'company', permissions: [] }
  renderPage(
    res,
    'people/roles/role',
    {
      title: role?.name ?? 'New role',
      groups,
      role: role && toRoleView(role),
      others: others.map(toRoleView),
      errors: allErrors,
      mine: typed ? { ...saved, ...typedIn(req.body) } : saved,
      editable: role ? editable(role, actor) : true,
      lacking: permissions.filter((permission) => !hasPermission(actor, permission)),
      affected: role && affected(role),
      own: role?.name === actor.role.name,
    },
    errors ? 422 : 200,
  )
}

/** The column of one role in the matrix, with boxes to tick if it is editable. */
export interface Column {
  /** The role; undefined for a new one. */
  role: RoleView | undefined
  mine: TypedRole
  editable: boolean
  /** What the viewer cannot give. */
  lacking: Permission[]
}

/** The fields of the form: as stored, or as typed. */
interface TypedRole {
  name: string
  scope: string
  permissions: string[]
}

function typedIn(body: unknown): TypedRole {
  const { name, scope, permissions: ticked } = typedFields(body)
  return { name: textOf(name), scope: textOf(scope), permissions: [ticked ?? []].flat() }
}

function affected({ people, teamless, scope }: RoleRow): string {
  if (people === 0) return 'No one has this role yet.'
  const count = `${counted(people, 'person')} ${people === 1 ? 'is' : 'are'}`
  const lost = scope === 'team' && teamless > 0 ? ` ${teamless} of them in no team.` : ''
  return `${count} affected immediately.${lost}`
}
