import type { Express, IRouter } from 'express'

export interface Route {
  method: string
  path: string
}

type Layer = IRouter['stack'][number] & { slash?: boolean; handle: { stack?: Layer[] } }

/** Every door that the application really has, read off its routers, in the order in which they are asked. */
export function routesOf(expressApp: Express): Route[] {
  return below(expressApp.router.stack as Layer[])
}

function below(stack: Layer[]): Route[] {
  return stack.flatMap(({ route, handle, slash }) => {
    if (route) return [...new Set(route.stack.map(({ method }) => method.toUpperCase()))].map(at(route.path))
    if (!handle.stack) return []
    // Express forgets the path that a router is mounted at, so a door below it could not be told.
    if (!slash) throw new Error('A router is mounted under a path: give its routes their whole path instead')
    return below(handle.stack)
  })
}

const at = (path: string) => (method: string) => ({ method, path })

/** An address that goes through the door: `/users/:id/password` with the id in its place. */
export const address = ({ path }: Route, id: string): string => path.replace(/:\w+/g, id)
