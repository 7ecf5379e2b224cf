import type { Router, Request, Response } from 'express'
import { z } from 'zod'
import { hasPermission, type Actor } from '../../access/actor.ts'
import {
  actorOf,
  requireCompanyPermission,
  contextOf,
  requireRecentPassword,
} from '../../access/middleware.ts'
import { permissions } from '../../access/permissions.ts'
import type { Db } from '../../platform/db.ts'
import type { Errors } from '../../platform/result.ts'
import { NotFound } from '../../platform/web/errors.ts'
import { flash } from '../../platform/web/flash.ts'
import { parseForm, soundPart } from '../../platform/web/form.ts'
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

const path = '/settings/company/roles'
const guard = requireCompanyPermission('roles.manage')

/** Roles & permissions: the matrix, and the company's own roles. */
export function roleRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()

  router.get(path, guard, async (_req, res) => {
    const roles = (await selectRoles(db)).map(toRoleView)
    renderPage(res, 'people/roles/roles', { title: 'Roles & permissions', groups, roles })
  })

  router.get(`${path}/new`, guard, async (req, res) => {
    if (requireRecentPassword(req, res)) await rolePage(db, req, res, undefined)
  })

  router.post(`${path}/new`, guard, async (req, res) => {
    if (!requireRecentPassword(req, res)) return
    const form = parseForm(RoleForm, req.body)
    if (!form.ok) return rolePage(db, req, res, undefined, form.errors)
    const outcome = await createRole(db, contextOf(req), form.value)
    if (!outcome.ok) return rolePage(db, req, res, undefined, outcome.errors)
    flash(req, `The role ${form.value.name} is created`, 'Give it to people in their profile.')
    res.redirect(303, path)
  })

  router.get(`${path}/:id`, guard, async (req, res) => {
    const role = await requestedRole(db, req)
    if (editable(role, actorOf(req)) && !requireRecentPassword(req, res)) return
    await rolePage(db, req, res, role)
  })

  router.post(`${path}/:id`, guard, async (req, res) => {
    const role = await requestedRole(db, req)
    if (!requireRecentPassword(req, res)) return
    const form = parseForm(RoleForm, req.body)
    if (!form.ok) return rolePage(db, req, res, role, form.errors)
    const version = Version.parse((req.body as Record<string, unknown>).version)
    const outcome = await changeRole(db, contextOf(req), role.id, version, form.value)
    if (!outcome.ok) return rolePage(db, req, res, await requestedRole(db, req), outcome.errors)
    flash(req, `The role ${form.value.name} is saved`, affected(role))
    res.redirect(303, path)
  })

  router.post(`${path}/:id/deletion`, guard, async (req, res) => {
    const role = await requestedRole(db, req)
    if (!requireRecentPassword(req, res, `${path}/${role.id}`)) return
    const outcome = await removeRole(db, contextOf(req), role.id)
    if (!outcome.ok) return rolePage(db, req, res, await requestedRole(db, req), outcome.errors, false)
    flash(req, `The role ${role.name} is deleted`, 'No one had it.')
    res.redirect(303, path)
  })

  return router
}

async function requestedRole(db: Db, req: Request): Promise<RoleRow> {
  const id = z.uuid().safeParse(req.params.id)
  const role = id.success ? await selectOptionalRole(db, id.data) : undefined
  if (!role) throw new NotFound()
  return role
}

const editable = (role: RoleRow, actor: Actor): boolean => !role.built_in && canEditRole(actor, role)

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

/** The submitted values, for showing the form again. */
function typedIn(body: unknown) {
  const { name, scope, permissions: ticked } = body as Record<string, unknown>
  return { name: String(name ?? ''), scope: String(scope ?? ''), permissions: [ticked ?? []].flat() }
}

function affected({ people, teamless, scope }: RoleRow): string {
  if (people === 0) return 'No one has this role yet.'
  const count = `${counted(people, 'person')} ${people === 1 ? 'is' : 'are'}`
  const lost = scope === 'team' && teamless > 0 ? ` ${teamless} of them in no team.` : ''
  return `${count} affected immediately.${lost}`
}
