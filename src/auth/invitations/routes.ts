import type { Router, Response } from 'express'
import { anonymousContext } from '../../access/middleware.ts'
import { writtenAddress } from '../../platform/email-address.ts'
import type { Errors } from '../../platform/result.ts'
import { TooManyRequests } from '../../platform/web/errors.ts'
import { flash } from '../../platform/web/flash.ts'
import { parseForm } from '../../platform/web/form.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { strictRouter } from '../../platform/web/router.ts'
import { checkLink, checkToken } from '../links/check-link.ts'
import type { LinkState } from '../links/queries.ts'
import { ChoiceForm } from '../passwords/forms.ts'
import type { PasswordServices } from '../passwords/password-services.ts'
import { withoutLink } from '../reset/store-link-in-session.ts'
import type { NetworkLimits } from '../reset/limits.ts'
import type { InvalidLinkPage, StoreLinkInSession } from '../verification/routes.ts'
import { acceptInvitation } from './accept-invitation.ts'

declare global {
  interface Views {
    'auth/invitations/accept': { email: string; minLength: number }
  }
}

interface Deps {
  services: PasswordServices
  networkLimits: NetworkLimits
  showInvalidLink: InvalidLinkPage
  storeInvitationLink: StoreLinkInSession
}

/** Opens an emailed invitation, and sets the first password. */
export function invitationRoutes({
  services,
  networkLimits,
  showInvalidLink,
  storeInvitationLink,
}: Deps): Router {
  const router = strictRouter()
  const { db } = services

  router.get('/invitation/:token', async (req, res) => {
    const check = await checkToken(db, req.params.token, ['invite'])
    if (!check.valid) return showInvalidLink(req, res, check)
    await storeInvitationLink(req, check.link.id)
    res.redirect(303, '/invitation')
  })

  router.get('/invitation', async (req, res) => {
    const linkId = req.session.invitationLink
    if (!linkId) return withoutLink(req, res, '/sign-in')
    const check = await checkLink(db, linkId)
    if (!check.valid) return showInvalidLink(req, res, check)
    await acceptPage(services, res, check.link)
  })

  router.post('/invitation', async (req, res) => {
    const linkId = req.session.invitationLink
    if (!linkId) return withoutLink(req, res, '/sign-in')
    const check = await checkLink(db, linkId)
    if (!check.valid) return showInvalidLink(req, res, check)
    const wait = await networkLimits.takeChoice(linkId)
    if (wait !== null) throw new TooManyRequests(wait)
    const form = parseForm(ChoiceForm, req.body)
    if (!form.ok) return acceptPage(services, res, check.link, form.errors)
    const accepted = await acceptInvitation(services, anonymousContext(req), linkId, form.value)
    if (accepted.invalidLink) return showInvalidLink(req, res, accepted.invalidLink)
    if (!accepted.result.ok) return acceptPage(services, res, check.link, accepted.result.errors)
    delete req.session.invitationLink
    flash(
      req,
      'Your account is ready',
      `Sign in as ${writtenAddress(check.link.email_at_issue)} with your new password.`,
    )
    res.redirect(303, '/sign-in')
  })

  return router
}

async function acceptPage(services: PasswordServices, res: Response, link: LinkState, errors?: Errors) {
  const { passwordMinLength: minLength } = await services.loadCompany()
  const locals = { email: link.email_at_issue, minLength, errors: errors ?? {} }
  renderPage(
    res,
    'auth/invitations/accept',
    { title: 'Choose your password', layout: 'auth', ...locals },
    errors ? 422 : 200,
  )
}
