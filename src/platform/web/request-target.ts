import type { Express, Request, RequestHandler } from 'express'
import { parseUrl } from '../parse-url.ts'

const unknown = '*'

/**
 * A request target is a path or a whole address (RFC 9112, 3.2). The app sees only the path and query of both. This
 * runs before Express: it parses its input, and some whole addresses make Node.js print them, secrets included, in a
 * warning.
 */
export function normalizeTargets(app: Express): void {
  const { handle } = app as unknown as { handle: (req: Request, ...rest: unknown[]) => void }
  Object.assign(app, {
    handle(req: Request, ...rest: unknown[]) {
      req.url = pathOf(req.url)
      handle.call(app, req, ...rest)
    },
  })
}

/** Answers 400 to a target that is neither. */
export const knownTarget: RequestHandler = (req, _res, next) =>
  next(req.url === unknown ? Object.assign(new Error('A request for no path'), { status: 400 }) : undefined)

function pathOf(target: string): string {
  if (target.startsWith('/')) return target
  const url = /^https?:\/\//i.test(target) ? parseUrl(target) : undefined
  return url ? url.pathname + url.search : unknown
}

/** A part of the path after one of these opens an account, in any spelling. */
const beforeToken = /reset-?password|verify-?email|invitation/i
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i
/** A token has 43 characters. A shorter, plain part of a path is none. */
const plain = /^[\w.-]{1,20}$/

/**
 * The loggable path of a request: no query, and only those parts that are ids, or too short and plain to be a secret.
 * Everything after the name of a page that takes a token is hidden, in any spelling.
 */
export function loggablePath({ originalUrl }: Pick<Request, 'originalUrl'>): string {
  const [path = ''] = originalUrl.split(/[?#]/)
  const parts = decoded(path).replaceAll('\\', '/').split('/').slice(1)
  const page = parts.findIndex((part) => beforeToken.test(part.replace(/[\s\p{Cf}]+/gu, '')))
  const beforeSecret = page === -1 ? parts : parts.slice(0, page + 1)
  const shown = beforeSecret.map((part) => (isLoggable(part) ? part : hiddenPart))
  return `/${[...shown, ...(beforeSecret.length < parts.length ? [hiddenPart] : [])].join('/')}`
}

const hiddenPart = '…'
const isLoggable = (part: string) => part === '' || plain.test(part) || uuid.test(part)

/** Whether a part of the path may be a secret, which must not be copied into another address. */
export function mayHoldSecret(req: Request): boolean {
  const path = loggablePath(req)
  return path.includes(hiddenPart) || beforeToken.test(path)
}

/** Decodes repeatedly encoded text, a few times. Text that cannot be decoded stays as it is. */
function decoded(path: string): string {
  let text = path
  try {
    for (let i = 0; i < 4 && text.includes('%'); i++) text = decodeURIComponent(text)
  } catch {
    return text
  }
  return text
}
