/**
 * The address, or nothing if it is none. Not with `URL.canParse`: after some thousand calls Node.js 20 refuses every
 * address with a host such as bücher.example (`findings/url-canparse-after-many-calls`).
 */
export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base)
  } catch {
    return undefined
  }
}
