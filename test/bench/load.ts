import http from 'node:http'
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
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections })
  const taken: number[] = []
  const start = performance.now()
  const client = async () => {
    while (performance.now() < start + seconds * 1_000) {
      const began = performance.now()
      const status = await send(ask, agent)
      if (status === undefined) return
      if (status !== (ask.status ?? 200)) throw new Error(`${ask.address} answered ${status}`)
      taken.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: connections }, client))
  agent.destroy()
  return { 'per second': (taken.length / (performance.now() - start)) * 1_000, 'median ms': median(taken) }
}

function send({ address, cookie = '', form }: Ask, agent: http.Agent): Promise<number | undefined> {
  const own = form?.()
  if (form && !own) return Promise.resolve(undefined)
  const headers = own
    ? {
        cookie: own.cookie,
        'x-forwarded-for': own.from,
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(own.body),
      }
    : cookie
      ? { cookie }
      : {}
  return new Promise((resolve, reject) => {
    const request = http.request(address, { agent, method: own ? 'POST' : 'GET', headers }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode))
    })
    request.on('error', reject)
    request.end(own?.body)
  })
}
