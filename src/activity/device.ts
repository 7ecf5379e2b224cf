import Bowser from 'bowser'

/** "Chrome, Windows" from a User-Agent header, as far as it tells. */
export function device(userAgent: string | null): string {
  if (!userAgent) return 'Unknown device'
  const { browser, os } = Bowser.parse(userAgent)
  return [browser.name, os.name].filter(Boolean).join(', ') || 'Unknown device'
}
