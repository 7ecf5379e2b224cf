import Bowser from 'bowser'

/** "Chrome, Windows" from a User-Agent header, as far as it can be recognised. */
export function device(userAgent: string | null): string {
  if (!userAgent) return 'Unknown device'
  const { browser, os } = Bowser.parse(userAgent)
  const names = [known(browser.name, Bowser.BROWSER_MAP), known(os.name, Bowser.OS_MAP)]
  return names.filter(Boolean).join(', ') || 'Unknown device'
}

/** Anyone can write this header and emails show it, so only known names pass. */
const known = (name: string | undefined, names: Record<string, string>): string | undefined =>
  name !== undefined && Object.values(names).includes(name) ? name : undefined
