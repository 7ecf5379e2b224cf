import { pino, stdSerializers } from 'pino'

const secrets = ['password', 'newPassword', 'confirmPassword', 'currentPassword', 'token', '_csrf', 'cookie']

/** One JSON object a line on stdout. Errors are told by name, code and stack: a database's `detail` may quote data. */
export const log = pino({
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
})
