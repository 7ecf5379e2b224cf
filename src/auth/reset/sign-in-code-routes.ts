import type { Response, Router } from 'express'
import { action } from '../../access/action.ts'
import { actorOf } from '../../access/middleware.ts'
import { findAuthorizedUser, returnPath, userOfUrl } from '../../people/authorize.ts'
import type { UserRow } from '../../people/queries.ts'
import type { Db } from '../../platform/db.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { strictRouter } from '../../platform/web/router.ts'
import { officeMailLimits, tooManyCodes } from './limits.ts'
import { qrCode, type QrCode } from './qr-code.ts'
import { showSignInCode, type ShownLink } from './show-sign-in-code.ts'
import { assertActive } from './assert-active.ts'

declare global {
  interface Views {
    'auth/reset/sign-in-code': {
      person: Pick<UserRow, 'id' | 'name'> & { kind: UserRow['role']['kind']; verified: boolean }
      qr: QrCode
      expiresAt: Date
      /** Seconds until then, by the clock of the server. */
      seconds: number
      returnTo: string
    }
  }
}

interface Deps {
  db: Db
  baseUrl: string
  linkKey: Buffer
}

/** Shows a reset link as a QR code. The answer to the form is the page itself, so that no address and no row holds it. */
export function signInCodeRoutes({ db, baseUrl, linkKey }: Deps): Router {
  const router = strictRouter()
  const limits = officeMailLimits(db)
  const path = '/users/:id/sign-in-code'

  // The address of the page, opened again: a code is only made by a form.
  router.get(path, async (req, res) => {
    const { id } = await findAuthorizedUser(db, actorOf(req), 'passwords.change', req.params.id)
    res.redirect(303, `/fieldworkers/${id}`)
  })

  router.post(
    path,
    action({
      ...userOfUrl(db, 'passwords.change'),
      stepUp: 'desk',
      back: returnPath,
      form: null,
      showErrors: null,
      run: async ({ actor, by, target }) => {
        assertActive(target)
        await limits.take(actor, target, tooManyCodes)
        return showSignInCode(db, linkKey, by, target.id)
      },
      flash: null,
      redirect: {
        show: ({ res, target, typed, value }) =>
          codePage(res, target, qrCode(baseUrl + value.path), value, returnPath({ target, typed })),
      },
    }),
  )

  return router
}

function codePage(res: Response, user: UserRow, qr: QrCode, { expiresAt }: ShownLink, returnTo: string) {
  renderPage(res, 'auth/reset/sign-in-code', {
    title: 'Sign-in QR code',
    person: {
      ...{ id: user.id, name: user.name, kind: user.role.kind },
      verified: user.email_verified_at !== null,
    },
    ...{ qr, expiresAt, returnTo },
    seconds: Math.max(0, Math.floor((expiresAt.getTime() - Date.now()) / 1000)),
  })
}
