import type { Express, Request, RequestHandler } from 'express'

const unknown = '*'

/**
 * A request names its target as a path, or as a whole address, whose host is nobody's business here (RFC 9112, 3.2): the
 * application sees a path and a query of both. Before Express, which parses what it is given, and for some whole addresses
 * has Node.js print them, with what they hold, in a warning.
 */
export function takesPlainTargets(app: Express): void {
  const { handle } = app as unknown as { handle: (req: Request, ...rest: unknown[]) => void }
  Object.assign(app, {
    handle(req: Request, ...rest: unknown[]) {
      req.url = pathIn(req.url)
      handle.call(app, req, ...rest)
    },
  })
}

/** A target that is neither is told that it cannot be read. */
export const knownTarget: RequestHandler = (req, _res, next) =>
  next(req.url === unknown ? Object.assign(new Error('A request for no path'), { status: 400 }) : undefined)

function pathIn(target: string): string {
  if (target.startsWith('/')) return target
  const url = /^https?:\/\//i.test(target) && URL.canParse(target) ? new URL(target) : undefined
  return url ? url.pathname + url.search : unknown
}

/** What opens an account stands behind one of these, however it is spelled. */
const beforeToken = /reset-?password|verify-?email|invitation/i
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i
/** A token has 43 characters. A part of a path that is shorter than half of one, and plain, is none. */
const plain = /^[\w.-]{1,20}$/

/**
 * The path of a request as it may be logged: no query, and of its parts only ids and what is too short and too plain to
 * be a secret. Whatever follows the name of a page that takes a token is left out, in whichever spelling it came.
 */
export function loggablePath({ originalUrl }: Pick<Request, 'originalUrl'>): string {
  const [path = ''] = originalUrl.split(/[?#]/)
  const parts = decoded(path).replaceAll('\\', '/').split('/').slice(1)
  const page = parts.findIndex((part) => beforeToken.test(part.replace(/[\s\p{Cf}]+/gu, '')))
  const readable = page === -1 ? parts : parts.slice(0, page + 1)
  const shown = readable.map((part) => (isShown(part) ? part : hidden))
  return `/${[...shown, ...(readable.length < parts.length ? [hidden] : [])].join('/')}`
}

const hidden = '…'
const isShown = (part: string) => part === '' || plain.test(part) || uuid.test(part)

/** Whether a part of the path may be a secret, which must not travel into another address. */
export function mayHoldSecret(req: Request): boolean {
  const path = loggablePath(req)
  return path.includes(hidden) || beforeToken.test(path)
}

/** Decoded as often as it was encoded, a few times; what cannot be stays as it is. */
function decoded(path: string): string {
  let plainer = path
  try {
    for (let i = 0; i < 4 && plainer.includes('%'); i++) plainer = decodeURIComponent(plainer)
  } catch {
    return plainer
  }
  return plainer
}
