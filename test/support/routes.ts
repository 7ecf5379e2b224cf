import type { Express, IRouter, RequestHandler } from 'express'

export interface Route {
  method: string
  path: string
}

type Layer = IRouter['stack'][number] & { slash?: boolean; handle: { stack?: Layer[] } }

/** What answers a form, by its path: the last handler of its route. */
export function formHandlers(expressApp: Express): Map<string, RequestHandler> {
  const layers = (stack: Layer[]): Layer[] =>
    stack.flatMap((layer) => (layer.handle.stack ? layers(layer.handle.stack) : [layer]))
  const found = layers(expressApp.router.stack as Layer[]).flatMap(({ route }) => {
    const last = route?.stack.findLast(({ method }) => method === 'post')
    return route && last ? [[route.path, last.handle] as const] : []
  })
  return new Map(found)
}

/** Every route of the app, read from its routers, in order. */
export function routesOf(expressApp: Express): Route[] {
  return below(expressApp.router.stack as Layer[])
}

function below(stack: Layer[]): Route[] {
  return stack.flatMap(({ route, handle, slash }) => {
    if (route) return [...new Set(route.stack.map(({ method }) => method.toUpperCase()))].map(at(route.path))
    if (!handle.stack) return []
    // Express does not keep the path a router is mounted at, so its routes could not be named.
    if (!slash) throw new Error('A router is mounted under a path: give its routes their whole path instead')
    return below(handle.stack)
  })
}

const at = (path: string) => (method: string) => ({ method, path })

/** An address for a route: `/users/:id/password` with the id filled in. */
export const address = ({ path }: Route, id: string): string => path.replace(/:\w+/g, id)
