import type { Router } from 'express'
import { action } from '../../access/action.ts'
import { counted } from '../../platform/counted.ts'
import { strictRouter } from '../../platform/web/router.ts'
import { returnPath, userOfUrl } from '../../people/authorize.ts'
import type { PasswordServices } from './password-services.ts'
import { unlockUser } from './unlock-user.ts'

/** Ends a person’s wait after wrong passwords. */
export const unlockRoutes = (services: PasswordServices): Router =>
  strictRouter().post(
    '/users/:id/unlock',
    action({
      ...userOfUrl(services.db, 'passwords.change'),
      stepUp: 'desk',
      back: returnPath,
      form: null,
      showErrors: null,
      run: ({ by, target }) => unlockUser(services, by, target.id),
      flash: ({ target: { name }, value: failures }) =>
        failures === 0
          ? [`${name} wasn’t locked out`, 'Nothing was changed.']
          : [
              `${name} is unlocked`,
              `They can try again at once. The password is unchanged. ${counted(failures, 'wrong password')} came before.`,
            ],
      redirect: returnPath,
    }),
  )
