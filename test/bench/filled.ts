/** A form that is filled in and waits to be sent. */
export interface Filled {
  cookie: string
  body: string
  from: string
}

/** Opens the page of a form as a stranger from a network of their own, and fills it in. */
export async function fillIn(
  here: string,
  network: number,
  page = '/sign-in',
  fields: Record<string, string> = {},
): Promise<Filled> {
  const from = `10.${network >> 16}.${(network >> 8) & 255}.${network & 255}`
  const answer = await fetch(`${here}${page}`, { headers: { 'x-forwarded-for': from } })
  const cookie = answer.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ')
  const _csrf = /name="_csrf" value="([^"]+)"/.exec(await answer.text())?.[1] ?? ''
  return { cookie, from, body: new URLSearchParams({ _csrf, ...fields }).toString() }
}
