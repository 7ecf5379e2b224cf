import { pino, stdSerializers } from 'pino'

const secrets = ['password', 'newPassword', 'confirmPassword', 'currentPassword', 'token', '_csrf', 'cookie']

// A line that cannot be written, for example on a full disk, is lost; the process goes on.
const stdout = process.stdout.on('error', () => {})

/**
 * One JSON object for each line on stdout. Errors show type, message, code and stack only: a database's `detail` may
 * quote data.
 */
export const log = pino(
  {
    base: undefined,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (level) => ({ level }) },
    redact: [...secrets, ...secrets.map((name) => `*.${name}`)],
    serializers: {
      err: (error: Error & { code?: string }) => {
        const { type, message, stack } = stdSerializers.err(error)
        return { type, message, code: error.code, stack }
      },
    },
  },
  stdout,
)
