import type { RequestHandler } from 'express'

const opened = /^\/+(reset-password|verify-email|invitation)\/+(.+)$/is

/**
 * The 43 characters of a token, then any punctuation: a full stop, a bracket, a quotation mark, a slash, or one of
 * these as an HTML entity.
 */
const tokenAndPunctuation = /^([\w-]{43})(?:&(?:[a-z]{2,8}|#\d{2,5});?|[^a-z\d])*$/i

/** Its characters, perhaps on two lines, then the text or the tag that came after the link. */
const tokenAndText = /^((?:[\w-][\s\p{Cf}]*?){42}[\w-])(?:\s|<|=[\da-f]{2})/iu

/**
 * Opens links as mail programs pass them on: broken into lines, or followed by punctuation or the next words. The token
 * itself is still compared exactly. A token followed by more path is an invalid link: it never redirects to the sign-in page,
 * whose address would then contain it.
 */
export const tidyLink: RequestHandler = (req, _res, next) => {
  const [, page, rest] = opened.exec(decode(decode(req.path)).replace(lineBreakOfEmail, '')) ?? []
  if (page && rest) {
    const token = tokenIn(rest.replace(/^[\s\p{Cf}<("'[]+/u, ''))
    if (token) req.url = `/${page.toLowerCase()}/${token}`
    else if (rest.includes('/')) req.url = `/${page.toLowerCase()}/${encodeURIComponent(rest)}`
  }
  next()
}

/** Where quoted-printable breaks a long line. */
const lineBreakOfEmail = /=\r?\n/g

function tokenIn(rest: string): string | undefined {
  const [, token] = tokenAndPunctuation.exec(withoutWhitespace(rest)) ?? tokenAndText.exec(rest) ?? []
  return token && withoutWhitespace(token)
}

const withoutWhitespace = (text: string): string => text.replace(/[\s\p{Cf}]+/gu, '')

/** Decodes %20 and the like, including bytes that are not UTF-8, which some programs write for quotation marks. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path.replace(/%([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
  }
}
