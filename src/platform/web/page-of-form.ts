import type { Request, Router } from 'express'
import { parseUrl } from '../parse-url.ts'
import { safePath } from './safe-redirect.ts'

type Layer = Router['stack'][number] & { match: (path: string) => boolean; handle: { stack?: Layer[] } }

/** Returns whether a form sent to a path is shown by a GET of the same path. */
export function formsOf(routes: Router): (path: string) => boolean {
  const layers = flatten(routes.stack as Layer[])
  const withMethod = (method: string) =>
    layers.filter(({ route }) => route?.stack.some((handler) => handler.method === method))
  const [shown, sent] = [new Set(withMethod('get').map(({ route }) => route?.path)), withMethod('post')]
  return (path) => shown.has(sent.find((layer) => layer.match(path))?.route?.path)
}

const flatten = (stack: Layer[]): Layer[] =>
  stack.flatMap((layer) => (layer.handle.stack ? flatten(layer.handle.stack) : [layer]))

/**
 * The page that a form was on. That is the address it was sent to, if a GET shows it or the browser comes from below
 * it; else the page that the browser names. Empty if neither is known.
 */
export function pageOfForm(req: Request, baseUrl: URL, showsForm: (path: string) => boolean): string {
  const from = refererPath(req, baseUrl)
  const [fromPath = ''] = from.split('?')
  if (fromPath === req.path || fromPath.startsWith(`${req.path}/`)) return from
  if (showsForm(req.path)) return req.path + returnQuery(req)
  return from || safePath(bodyOf(req).returnTo, '')
}

function refererPath(req: Request, baseUrl: URL): string {
  const referer = parseUrl(req.get('referer') ?? '')
  if (!referer) return ''
  const { host, pathname, search } = referer
  return host === baseUrl.host || host === req.get('host') ? safePath(pathname + search, '') : ''
}

/** The form's `next` and `returnTo`, as a query for its page. */
function returnQuery(req: Request): string {
  const query = new URLSearchParams()
  for (const name of ['next', 'returnTo']) {
    const path = safePath(bodyOf(req)[name], '')
    if (path) query.set(name, path)
  }
  return query.size > 0 ? `?${query}` : ''
}

const bodyOf = (req: Request): Record<string, unknown> => (req.body ?? {}) as Record<string, unknown>
