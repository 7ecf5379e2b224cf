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
import { createRole, nameFault } from './create-role.ts'
import { selectOptionalRole, selectRoles, type RoleRow } from './queries.ts'
import { canEditRole } from './authorize.ts'
import { groups, scopeLabel } from './permission-labels.ts'

const list = '/settings/company/roles'
const setsRoles = requireCompanyPermission('roles.manage')

/** Roles & permissions: the matrix, and the company's own roles. */
export function roleRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()

  router.get(list, setsRoles, async (_req, res) => {
    const roles = (await selectRoles(db)).map(shown)
    renderPage(res, 'people/roles/roles', { title: 'Roles & permissions', groups, roles })
  })

  router.get(`${list}/new`, setsRoles, async (req, res) => {
    if (requireRecentPassword(req, res)) await rolePage(db, req, res, undefined)
  })

  router.post(`${list}/new`, setsRoles, async (req, res) => {
    if (!requireRecentPassword(req, res)) return
    const form = parseForm(RoleForm, req.body)
    if (!form.ok) return rolePage(db, req, res, undefined, form.errors)
    const outcome = await createRole(db, contextOf(req), form.value)
    if (!outcome.ok) return rolePage(db, req, res, undefined, outcome.errors)
    flash(req, `The role ${form.value.name} is made`, 'Give it to people from their profile.')
    res.redirect(303, list)
  })

  router.get(`${list}/:id`, setsRoles, async (req, res) => {
    const role = await roleAt(db, req)
    if (editable(role, actorOf(req)) && !requireRecentPassword(req, res)) return
    await rolePage(db, req, res, role)
  })

  router.post(`${list}/:id`, setsRoles, async (req, res) => {
    const role = await roleAt(db, req)
    if (!requireRecentPassword(req, res)) return
    const form = parseForm(RoleForm, req.body)
    if (!form.ok) return rolePage(db, req, res, role, form.errors)
    const seen = Version.parse((req.body as Record<string, unknown>).version)
    const outcome = await changeRole(db, contextOf(req), role.id, seen, form.value)
    if (!outcome.ok) return rolePage(db, req, res, await roleAt(db, req), outcome.errors)
    flash(req, `The role ${form.value.name} is saved`, affected(role))
    res.redirect(303, list)
  })

  router.post(`${list}/:id/deletion`, setsRoles, async (req, res) => {
    const role = await roleAt(db, req)
    if (!requireRecentPassword(req, res, `${list}/${role.id}`)) return
    const outcome = await removeRole(db, contextOf(req), role.id)
    if (!outcome.ok) return rolePage(db, req, res, await roleAt(db, req), outcome.errors, false)
    flash(req, `The role ${role.name} is deleted`, 'Nobody had it.')
    res.redirect(303, list)
  })

  return router
}

async function roleAt(db: Db, req: Request): Promise<RoleRow> {
  const id = z.uuid().safeParse(req.params.id)
  const role = id.success ? await selectOptionalRole(db, id.data) : undefined
  if (!role) throw new NotFound()
  return role
}

const editable = (role: RoleRow, actor: Actor): boolean => !role.built_in && canEditRole(actor, role)

const shown = (role: RoleRow) => ({ ...role, reach: scopeLabel(role) })

/** One role beside all others; none is a new one. What was typed stands in it when it was refused. */
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
  const sound = errors && typed ? soundPart(RoleForm, req.body).name : undefined
  const wrong = { ...(await nameFault(db, sound, role?.id ?? null)), ...errors }
  const saved = role ?? { name: '', scope: 'company', permissions: [] }
  renderPage(
    res,
    'people/roles/role',
    {
      title: role?.name ?? 'New role',
      ...{ groups, role: role && shown(role), others: others.map(shown), errors: wrong },
      mine: typed ? { ...saved, ...typedIn(req.body) } : saved,
      editable: role ? editable(role, actor) : true,
      lacking: permissions.filter((permission) => !hasPermission(actor, permission)),
      affected: role && affected(role),
      own: role?.name === actor.role.name,
    },
    errors ? 422 : 200,
  )
}

/** What was typed, as far as it can be shown again. */
function typedIn(body: unknown) {
  const { name, scope, permissions: ticked } = body as Record<string, unknown>
  return { name: String(name ?? ''), scope: String(scope ?? ''), permissions: [ticked ?? []].flat() }
}

function affected({ people, teamless, scope }: RoleRow): string {
  if (people === 0) return 'Nobody has this role yet.'
  const count = people === 1 ? '1 person is' : `${people.toLocaleString('en')} people are`
  const lost = scope === 'team' && teamless > 0 ? ` ${teamless} of them in no team.` : ''
  return `${count} affected at once.${lost}`
}
