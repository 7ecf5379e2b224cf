import { parseUrl } from '../parse-url.ts'

const placeholderOrigin = 'http://x.invalid'

/** Returns an address inside this app, or the fallback. Redirects never lead to another site (ASVS 3.7.2). */
export function safePath(value: unknown, fallback = '/'): string {
  if (typeof value !== 'string' || value.length > 2048) return fallback
  // eslint-disable-next-line no-control-regex -- control characters must not pass
  if (!isLocalPath(value) || /[\x00-\x20\\\x7f]/.test(value)) return fallback
  const url = parseUrl(value, placeholderOrigin)
  if (url?.origin !== placeholderOrigin) return fallback
  const path = url.pathname + url.search + url.hash
  return isLocalPath(path) ? path : fallback // "/..//evil.test" becomes "//evil.test" only once it is parsed
}

/** Adds the page to return to afterwards, if there is one. */
export const withReturnTo = (path: string, returnTo: unknown): string =>
  withParameter(path, 'returnTo', returnTo)

/** Adds the page that the person wanted; one that is too long is left out. */
export const withNext = (path: string, next: string): string => withParameter(path, 'next', next)

function withParameter(path: string, name: string, target: unknown): string {
  const safeTarget = safePath(target, '')
  return safeTarget ? `${path}?${name}=${encodeURIComponent(safeTarget)}` : path
}

const isLocalPath = (path: string): boolean => /^\/(?![/\\])/.test(path)
