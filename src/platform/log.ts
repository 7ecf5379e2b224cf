import { pino, stdSerializers } from 'pino'
import { sourceStack } from './source-stack.ts'

const secrets = ['password', 'newPassword', 'confirmPassword', 'currentPassword', 'token', '_csrf', 'cookie']

// A line that cannot be written, for example on a full disk, is lost; the process goes on.
const stdout = process.stdout.on('error', () => {})

const options = {
  base: undefined,
  timestamp: () => `,"time":"${new Date().toISOString()}"`,
  formatters: { level: (level: string) => ({ level }) },
}

/**
 * One JSON object for each line on stdout. Errors show type, message, code and stack only: a database's `detail` may
 * quote data.
 */
export const log = pino(
  {
    ...options,
    redact: [...secrets, ...secrets.map((name) => `*.${name}`)],
    serializers: {
      err: (error: Error & { code?: string }) => {
        const { type, message, stack } = stdSerializers.err(error)
        return { type, message, code: error.code, stack: sourceStack(stack) }
      },
    },
  },
  stdout,
)

const answers = pino(options, stdout)

/** What is logged of each request: nothing that a person typed, so there is nothing to look for. */
export interface Answered {
  reference: string
  method: string
  /** As `loggablePath` gives it. */
  path: string
  status: number
  ms: number
  ip: string | undefined
  actor: string | undefined
  impersonator: string | undefined
}

export function logAnswer(answered: Answered): void {
  if (log.isLevelEnabled('info')) answers.info(answered)
}
