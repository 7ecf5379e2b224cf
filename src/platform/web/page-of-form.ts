import type { Request, Router } from 'express'
import { safePath } from './safe-redirect.ts'

type Layer = Router['stack'][number] & { match: (path: string) => boolean; handle: { stack?: Layer[] } }

/** Whether a form that is sent to a path is shown by a GET of the same path. */
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
 * The page that a sent form stood on: the address it was sent to, where that shows it or the browser comes from below
 * it, and else the page that the browser names. Empty where neither is known.
 */
export function pageOfForm(req: Request, ours: URL, showsForm: (path: string) => boolean): string {
  const from = cameFrom(req, ours)
  const [fromPath = ''] = from.split('?')
  if (fromPath === req.path || fromPath.startsWith(`${req.path}/`)) return from
  if (showsForm(req.path)) return req.path + placesIn(req)
  return from || safePath(bodyOf(req).returnTo, '')
}

function cameFrom(req: Request, ours: URL): string {
  const referer = req.get('referer') ?? ''
  if (!URL.canParse(referer)) return ''
  const { host, pathname, search } = new URL(referer)
  return host === ours.host || host === req.get('host') ? safePath(pathname + search, '') : ''
}

/** Where the form leads afterwards, as its page is told of it. */
function placesIn(req: Request): string {
  const places = new URLSearchParams()
  for (const name of ['next', 'returnTo']) {
    const place = safePath(bodyOf(req)[name], '')
    if (place) places.set(name, place)
  }
  return places.size > 0 ? `?${places}` : ''
}

const bodyOf = (req: Request): Record<string, unknown> => (req.body ?? {}) as Record<string, unknown>
