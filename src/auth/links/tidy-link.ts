import type { RequestHandler } from 'express'

const opened = /^\/(reset-password|verify-email|invitation)\/(.+)$/s

/**
 * The 43 characters of a token, and behind them whatever is neither letter nor digit: a full stop, a bracket, a quotation
 * mark, a slash, or one of these as an entity of HTML.
 */
const tokenAndRest = /^([\w-]{43})(?:&(?:[a-z]{2,8}|#\d{2,5});?|[^a-z\d])*$/i

/**
 * Opens links as mail programs hand them over: broken into lines, or with punctuation behind them. What is left is judged
 * to the letter, as ever. A token with more path behind it is a dead link: it never goes on to the sign-in page, whose
 * address would hold it.
 */
export const tidyLink: RequestHandler = (req, _res, next) => {
  const [, page, rest] = opened.exec(withoutSpace(req.path)) ?? []
  if (page && rest) {
    const [, token] = tokenAndRest.exec(rest) ?? []
    if (token) req.url = `/${page}/${token}`
    else if (rest.includes('/')) req.url = `/${page}/${encodeURIComponent(rest)}`
  }
  next()
}

const withoutSpace = (path: string): string => decoded(decoded(path)).replace(/[\s\p{Cf}]+/gu, '')

/** Decodes %20 and the like, also those that are no UTF-8, with which some programs write quotation marks. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path.replace(/%([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
  }
}
