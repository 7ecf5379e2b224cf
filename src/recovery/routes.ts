import type { Router, Response } from 'express'
import { from } from '../access/guard.ts'
import type { Errors } from '../foundation/outcome.ts'
import { inMinutes } from '../foundation/web/dates.ts'
import { Throttled } from '../foundation/web/errors.ts'
import { flash } from '../foundation/web/flash.ts'
import { read } from '../foundation/web/form.ts'
import { page } from '../foundation/web/page.ts'
import { lookAtLink, lookAtToken } from '../links/open.ts'
import { resetting } from '../links/token.ts'
import { ChoiceForm } from '../passwords/forms.ts'
import type { PasswordKit } from '../passwords/kit.ts'
import { resetPassword } from '../passwords/reset.ts'
import { startCarrier } from '../sessions/store.ts'
import type { DeadLinkPage, LandLink } from '../verification/routes.ts'
import { askForWayBack } from './ask.ts'
import { deadLinkOf } from './dead-link.ts'
import type { DeadLinkCookie } from './dead-link-cookie.ts'
import { withoutLink } from './land.ts'
import { ForgotForm } from './forms.ts'
import type { AccountLimits, NetworkLimits } from './limits.ts'
import { exactRouter } from '../foundation/web/router.ts'

interface Needs {
  kit: PasswordKit
  accounts: AccountLimits
  networks: NetworkLimits
  deadLink: DeadLinkPage
  shownDead: DeadLinkCookie
  landReset: LandLink
  /** Told of each link that was opened by GET, dead ones too, and of each dead one that was asked to be replaced. */
  opened: (linkId: string) => Promise<void>
  renewed: (linkId: string) => Promise<void>
}

/** Forgot your password?: the same answer for everybody, then a mailed link that sets a new one. */
export function recoveryRoutes(needs: Needs): Router {
  const router = exactRouter()
  const { kit, accounts, networks, deadLink, shownDead, landReset, opened, renewed } = needs
  const { db } = kit

  router.get('/forgot-password', (_req, res) => forgotPage(res, ''))

  router.post('/forgot-password', async (req, res) => {
    const typed = req.body as Record<string, unknown>
    const dead = typed.email === undefined ? await deadLinkOf(db, shownDead, req) : undefined
    const form = read(ForgotForm, dead ? { email: dead.email_now } : typed)
    if (!form.ok) return forgotPage(res, typed.email, form.errors)
    const wait = await networks.takeAsk(req.ip)
    if (wait !== null) throw new Throttled(wait)
    const tooSoon = await askForWayBack(db, accounts, from(req), form.value.email)
    // Nobody is told, but whoever holds a link: they know already that it is an account's.
    if (dead && tooSoon !== null) throw new Throttled(tooSoon, sentAlready(tooSoon))
    if (dead) {
      await renewed(dead.id)
      shownDead.forget(res)
      delete req.session.askedFor
    } else req.session.askedFor = form.value.email
    res.redirect(303, '/forgot-password/sent')
  })

  router.get('/forgot-password/sent', (req, res) => {
    const email = req.session.askedFor ?? null
    page(res, 'recovery/sent', { title: 'Check your mail', layout: 'gate', email })
  })

  router.get('/reset-password/:token', async (req, res) => {
    const looked = await lookAtToken(db, req.params.token, resetting)
    if (looked.link && req.method === 'GET') await opened(looked.link.id)
    if (!looked.alive) return deadLink(req, res, looked)
    await landReset(req, looked.link.id)
    res.redirect(303, '/reset-password')
  })

  router.get('/reset-password', async (req, res) => {
    const linkId = req.session.resetLink
    if (!linkId) return withoutLink(req, res, '/forgot-password')
    const looked = await lookAtLink(db, linkId)
    if (!looked.alive) return deadLink(req, res, looked)
    await resetPage(kit, res, looked.link.email_at_issue)
  })

  router.post('/reset-password', async (req, res) => {
    const linkId = req.session.resetLink
    if (!linkId) return withoutLink(req, res, '/forgot-password')
    const looked = await lookAtLink(db, linkId)
    if (!looked.alive) return deadLink(req, res, looked)
    const email = looked.link.email_at_issue
    const often = await networks.takeChoice(linkId)
    if (often !== null) throw new Throttled(often)
    const form = read(ChoiceForm, req.body)
    if (!form.ok) return resetPage(kit, res, email, form.errors)
    const reset = await resetPassword(kit, from(req), linkId, form.value)
    if (reset.dead) return deadLink(req, res, reset.dead)
    if (!reset.outcome.ok) return resetPage(kit, res, email, reset.outcome.errors)
    if (req.actor?.id === looked.link.user_id)
      await startCarrier(req) // its session has just ended
    else delete req.session.resetLink
    flash(req, 'Your password is changed', 'All devices are signed out. Sign in with the new one.')
    res.redirect(303, '/sign-in')
  })

  return router
}

const sentAlready = (seconds: number) => ({
  heading: 'A link was sent a short while ago',
  message:
    'Look in the mailbox, and among its spam: the newest mail has the link that works. Nothing was sent now.',
  advice: `Where none has come, ask for another in ${inMinutes(seconds)}.`,
})

function forgotPage(res: Response, email: unknown, errors?: Errors) {
  const locals = { email: typeof email === 'string' ? email : '', errors: errors ?? {} }
  page(
    res,
    'recovery/forgot-password',
    { title: 'Forgot your password?', layout: 'gate', ...locals },
    errors ? 422 : 200,
  )
}

async function resetPage(kit: PasswordKit, res: Response, email: string, errors?: Errors) {
  const { passwordMinLength: minLength } = await kit.companyNow()
  const locals = { title: 'Choose a new password', layout: 'gate', email, minLength, errors: errors ?? {} }
  page(res, 'passwords/reset', locals, errors ? 422 : 200)
}
