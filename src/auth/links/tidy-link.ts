import type { RequestHandler } from 'express'

const opened = /^\/(reset-password|verify-email|invitation)\/(.+)$/s

/**
 * The 43 characters of a token, then any punctuation: a full stop, a bracket, a quotation mark, a slash, or one of
 * these as an HTML entity.
 */
const tokenAndPunctuation = /^([\w-]{43})(?:&(?:[a-z]{2,8}|#\d{2,5});?|[^a-z\d])*$/i

/**
 * Opens links as mail programs pass them on: broken into lines, or followed by punctuation. The token itself is
 * still compared exactly. A token followed by more path is an invalid link: it never redirects to the sign-in page,
 * whose address would then contain it.
 */
export const tidyLink: RequestHandler = (req, _res, next) => {
  const [, page, rest] = opened.exec(withoutWhitespace(req.path)) ?? []
  if (page && rest) {
    const [, token] = tokenAndPunctuation.exec(rest) ?? []
    if (token) req.url = `/${page}/${token}`
    else if (rest.includes('/')) req.url = `/${page}/${encodeURIComponent(rest)}`
  }
  next()
}

const withoutWhitespace = (path: string): string => decode(decode(path)).replace(/[\s\p{Cf}]+/gu, '')

/** Decodes %20 and the like, including bytes that are not UTF-8, which some programs write for quotation marks. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path.replace(/%([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
  }
}
