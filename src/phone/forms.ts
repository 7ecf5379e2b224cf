import { z } from 'zod'
import { secret } from '../foundation/web/form.ts'

export const PhonePasswordForm = z.object({ newPassword: secret, confirmPassword: secret })
