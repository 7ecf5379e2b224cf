import { z } from 'zod'
import { secret } from '../foundation/web/form.ts'

export const AcceptForm = z.object({ newPassword: secret, confirmPassword: secret })
