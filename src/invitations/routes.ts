import type { Router, Response } from 'express'
import { from } from '../access/guard.ts'
import { writtenAddress } from '../foundation/email-address.ts'
import type { Errors } from '../foundation/outcome.ts'
import { Throttled } from '../foundation/web/errors.ts'
import { flash } from '../foundation/web/flash.ts'
import { read } from '../foundation/web/form.ts'
import { page } from '../foundation/web/page.ts'
import { exactRouter } from '../foundation/web/router.ts'
import { lookAtLink, lookAtToken } from '../links/open.ts'
import type { LinkState } from '../links/queries.ts'
import { ChoiceForm } from '../passwords/forms.ts'
import type { PasswordKit } from '../passwords/kit.ts'
import { withoutLink } from '../recovery/land.ts'
import type { NetworkLimits } from '../recovery/limits.ts'
import type { DeadLinkPage, LandLink } from '../verification/routes.ts'
import { acceptInvitation } from './accept.ts'

interface Needs {
  kit: PasswordKit
  networks: NetworkLimits
  deadLink: DeadLinkPage
  landInvitation: LandLink
}

/** Where a mailed invitation is opened, and a first password chosen. */
export function invitationRoutes({ kit, networks, deadLink, landInvitation }: Needs): Router {
  const router = exactRouter()
  const { db } = kit

  router.get('/invitation/:token', async (req, res) => {
    const looked = await lookAtToken(db, req.params.token, ['invite'])
    if (!looked.alive) return deadLink(req, res, looked)
    await landInvitation(req, looked.link.id)
    res.redirect(303, '/invitation')
  })

  router.get('/invitation', async (req, res) => {
    const linkId = req.session.invitationLink
    if (!linkId) return withoutLink(req, res, '/sign-in')
    const looked = await lookAtLink(db, linkId)
    if (!looked.alive) return deadLink(req, res, looked)
    await acceptPage(kit, res, looked.link)
  })

  router.post('/invitation', async (req, res) => {
    const linkId = req.session.invitationLink
    if (!linkId) return withoutLink(req, res, '/sign-in')
    const looked = await lookAtLink(db, linkId)
    if (!looked.alive) return deadLink(req, res, looked)
    const often = await networks.takeChoice(linkId)
    if (often !== null) throw new Throttled(often)
    const form = read(ChoiceForm, req.body)
    if (!form.ok) return acceptPage(kit, res, looked.link, form.errors)
    const accepted = await acceptInvitation(kit, from(req), linkId, form.value)
    if (accepted.dead) return deadLink(req, res, accepted.dead)
    if (!accepted.outcome.ok) return acceptPage(kit, res, looked.link, accepted.outcome.errors)
    delete req.session.invitationLink
    flash(
      req,
      'Your account is ready',
      `Sign in as ${writtenAddress(looked.link.email_at_issue)} with your new password.`,
    )
    res.redirect(303, '/sign-in')
  })

  return router
}

async function acceptPage(kit: PasswordKit, res: Response, link: LinkState, errors?: Errors) {
  const { passwordMinLength: minLength } = await kit.companyNow()
  const locals = { email: link.email_at_issue, minLength, errors: errors ?? {} }
  page(
    res,
    'invitations/accept',
    { title: 'Choose your password', layout: 'gate', ...locals },
    errors ? 422 : 200,
  )
}
