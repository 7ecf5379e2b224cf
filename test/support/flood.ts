/** A filled-in sign-in form, each from another network: the test is about their work, not their number. */
export async function filledIn(address: string, person: number) {
  const headers = {
    'x-forwarded-for': `10.${person >> 16}.${(person >> 8) & 255}.${person & 255}`,
    'x-forwarded-proto': 'https',
  }
  const page = await fetch(`${address}/sign-in`, { headers })
  const cookie = page.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ')
  const _csrf = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
  const body = new URLSearchParams({ _csrf, email: `nobody${person}@firm.test`, password: 'not it at all' })
  return { method: 'POST', headers: { ...headers, cookie }, body, redirect: 'manual' } as const
}
