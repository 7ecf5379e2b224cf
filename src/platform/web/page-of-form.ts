import { typedFields } from './form.ts'
import type { Request, Router } from 'express'
import { parseUrl } from '../parse-url.ts'
import { safePath } from './safe-redirect.ts'

type Layer = Router['stack'][number] & { match: (path: string) => boolean; handle: { stack?: Layer[] } }

/** Which pages of ours show forms. */
export interface FormPages {
  /** Whether a GET of this address only shows a page: it downloads nothing and opens no emailed link. */
  isPage: (address: string) => boolean
  /** The page of a form that is sent to this path, by the routes alone; empty if none is known. */
  pageOf: (path: string, body: Record<string, unknown>) => string
}

export function formPagesOf(routes: Router): FormPages {
  const layers = flatten(routes.stack as Layer[])
  const withMethod = (method: string) =>
    layers.filter(({ route }) => route?.stack.some((handler) => handler.method === method))
  const [shown, sent] = [withMethod('get'), withMethod('post')]
  const paths = new Set(shown.map(({ route }) => route?.path))
  const isPage = (address: string) => {
    const { pathname } = parseUrl(address, 'http://x.invalid') ?? { pathname: '' }
    const path = shown.find((layer) => layer.match(pathname))?.route?.path
    return path !== undefined && !leadsOn.test(path)
  }
  return {
    isPage,
    pageOf(path, body) {
      const route = sent.find((layer) => layer.match(path))?.route?.path
      if (route !== undefined && paths.has(route)) return path
      const { token } = body
      if (paths.has(`${route}/:token`) && typeof token === 'string')
        return `${path}/${encodeURIComponent(token)}`
      return above(path).find(isPage) ?? ''
    },
  }
}

/** A file, or an emailed link: a GET of these does more than show a page. */
const leadsOn = /\.\w+$|:token/

/** The addresses above a path, nearest first. */
function above(path: string): string[] {
  const parts = path.split('/').slice(1, -1)
  return parts.map((_, n) => `/${parts.slice(0, parts.length - n).join('/')}`)
}

const flatten = (stack: Layer[]): Layer[] =>
  stack.flatMap((layer) => (layer.handle.stack ? flatten(layer.handle.stack) : [layer]))

/**
 * The page that a form was on. That is the page that the browser names if it is below the address of the form; else
 * the address itself, if a GET shows it; else the page that the browser names, or the form's `returnTo`, or the
 * nearest page above. Empty if none is known. Never a file or an emailed link, since a form that was refused must not
 * do anything.
 */
export function pageOfForm(req: Request, baseUrl: URL, { isPage, pageOf }: FormPages): string {
  const from = refererPath(req, baseUrl)
  const [fromPath = ''] = from.split('?')
  if ((fromPath === req.path || fromPath.startsWith(`${req.path}/`)) && isPage(from)) return from
  const page = pageOf(req.path, typedFields(req.body))
  if (page === req.path) return page + returnQuery(req)
  if (page.startsWith(`${req.path}/`)) return page
  const named = [from, safePath(typedFields(req.body).returnTo, '')]
  return named.find((address) => address !== '' && isPage(address)) ?? page
}

function refererPath(req: Request, baseUrl: URL): string {
  const referer = parseUrl(req.get('referer') ?? '')
  if (!referer) return ''
  const { host, pathname, search } = referer
  return host === baseUrl.host || host === req.get('host') ? safePath(pathname + search, '') : ''
}

/** The form's `next`, `returnTo` and `unsaved`, as a query for its page. */
function returnQuery(req: Request): string {
  const query = new URLSearchParams()
  for (const name of ['next', 'returnTo']) {
    const path = safePath(typedFields(req.body)[name], '')
    if (path) query.set(name, path)
  }
  const { unsaved } = typedFields(req.body)
  if (typeof unsaved === 'string') query.set('unsaved', unsaved)
  return query.size > 0 ? `?${query}` : ''
}
