import { Connection, type Sent } from './connection.ts'
import { median } from './numbers.ts'

/** What is asked for, again and again; a function gives each request its own. */
export interface Ask {
  address: string
  cookie?: string
  form?: () => { cookie: string; body: string; from: string } | undefined
  status?: number
}

/** So many connections ask for so long, or until there are no more forms: how many a second, and how long each took. */
export async function under(connections: number, seconds: number, ask: Ask) {
  const taken: number[] = []
  const start = performance.now()
  const client = async () => {
    const connection = new Connection(ask.address)
    for (let next = requestOf(ask); next; next = requestOf(ask)) {
      const began = performance.now()
      if (began > start + seconds * 1_000) break
      const status = await connection.send(next)
      if (status !== (ask.status ?? 200)) throw new Error(`${ask.address} answered ${status}`)
      taken.push(performance.now() - began)
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: connections }, client))
  return { 'per second': (taken.length / (performance.now() - start)) * 1_000, 'median ms': median(taken) }
}

function requestOf({ address, cookie = '', form }: Ask): Sent | undefined {
  const { pathname, search } = new URL(address)
  const path = pathname + search
  if (!form) return { method: 'GET', path, headers: cookie ? { cookie } : {} }
  const filled = form()
  if (!filled) return undefined
  const headers = {
    cookie: filled.cookie,
    'x-forwarded-for': filled.from,
    'content-type': 'application/x-www-form-urlencoded',
  }
  return { method: 'POST', path, headers, body: filled.body }
}
