const anywhere = 'http://x.invalid'

/** An address inside this application, or the fallback: nobody is ever led to a stranger's site (ASVS 3.7.2). */
export function safePath(value: unknown, fallback = '/'): string {
  if (typeof value !== 'string' || value.length > 2048) return fallback
  // eslint-disable-next-line no-control-regex -- control characters are just what must not pass
  if (!startsInside(value) || /[\x00-\x20\\\x7f]/.test(value)) return fallback
  if (!URL.canParse(value, anywhere)) return fallback
  const url = new URL(value, anywhere)
  if (url.origin !== anywhere) return fallback
  const path = url.pathname + url.search + url.hash
  return startsInside(path) ? path : fallback // "/..//evil.test" becomes "//evil.test" only once it is parsed
}

/** An address with the place to go back to from there, where one is given. */
export const withReturnTo = (path: string, returnTo: unknown): string => carrying(path, 'returnTo', returnTo)

/** An address that one is sent to first, with the place that one came for; one too long to be led to is left out. */
export const withNext = (path: string, next: string): string => carrying(path, 'next', next)

function carrying(path: string, name: string, place: unknown): string {
  const own = safePath(place, '')
  return own ? `${path}?${name}=${encodeURIComponent(own)}` : path
}

const startsInside = (path: string): boolean => /^\/(?![/\\])/.test(path)
