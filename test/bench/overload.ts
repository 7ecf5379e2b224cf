import { setTimeout as sleep } from 'node:timers/promises'
import { filledIn } from '../support/flood.ts'
import { startServer, type RunningServer } from '../support/running-server.ts'
import { peakMemory } from './memory.ts'
import { median, quantile, say, sayTable } from './numbers.ts'
import { settings, withOwnDatabase } from './own-database.ts'

const sizes = { 'sign-ins': 200, rounds: 5 }
export const overload = { sizes, measure }

/**
 * So many people sign in at the same moment, with passwords hashed as in production: what becomes of them, and how long
 * a person who only looks at a page waits meanwhile. The target is 200 ms for 95 of 100.
 */
function measure({ 'sign-ins': many, rounds }: typeof sizes) {
  return withOwnDatabase(async ({ app: expressApp, owner }) => {
    const database = { DATABASE_URL: expressApp, DATABASE_OWNER_URL: owner }
    const production = {
      NODE_ENV: 'production',
      SMTP_URL: 'smtp://127.0.0.1:1',
      MAIL_FROM: 'fieldkey@firm.test',
    }
    const server = await startServer({ ...settings, ...database, ...production, WORKER: 'off' })
    const quiet = await looking(server, () => sleep(2_000))
    const memory = peakMemory(server.pid)
    const answers: Record<string, number> = {}
    const forms: Awaited<ReturnType<typeof filledIn>>[] = []
    for (let person = 0; person < many * rounds; person++) forms.push(await filledIn(server.address, person))
    const busy = await looking(server, async () => {
      while (forms.length > 0)
        for (const answer of await Promise.all(forms.splice(0, many).map((form) => send(server, form))))
          answers[answer] = (answers[answer] ?? 0) + 1
    })
    const grew = memory.stop().words
    sayTable([
      { page: 'quiet', ...shown(quiet) },
      { page: 'meanwhile', ...shown(busy) },
    ])
    say(`\nsign-ins: ${JSON.stringify(answers)}; memory of the server ${grew}`)
    server.kill('SIGTERM')
    await server.ended
    return { quiet: shown(quiet), meanwhile: shown(busy), answers, grew }
  })
}

async function send({ address }: RunningServer, form: Awaited<ReturnType<typeof filledIn>>): Promise<string> {
  const answer = await fetch(`${address}/sign-in`, form)
  await answer.text()
  return answer.status === 503
    ? `503, again in ${answer.headers.get('retry-after')} s`
    : String(answer.status)
}

interface Waits {
  healthz: number[]
  'sign-in': number[]
}

/** How long somebody waits who opens one page after the other, while something goes on. */
async function looking({ address }: RunningServer, meanwhile: () => Promise<unknown>): Promise<Waits> {
  const waits: Waits = { healthz: [], 'sign-in': [] }
  let over = false
  const look = async (path: keyof Waits) => {
    while (!over) {
      const began = performance.now()
      await (await fetch(`${address}/${path}`)).text()
      waits[path].push(performance.now() - began)
      await sleep(20)
    }
  }
  const all = [look('healthz'), look('sign-in')]
  await meanwhile()
  over = true
  await Promise.all(all)
  return waits
}

const shown = (waits: Waits) => ({
  'healthz ms': median(waits.healthz),
  p95: quantile(waits.healthz, 0.95),
  '/sign-in ms': median(waits['sign-in']),
  'its p95': quantile(waits['sign-in'], 0.95),
  of: waits.healthz.length + waits['sign-in'].length,
})
