import { expect, test } from 'vitest'
import { createTestApp } from '../support/test-app.ts'
import { credential, activityFor } from '../support/people.ts'
import { sessionSecret } from '../support/test-app.ts'
import { startServer } from '../support/running-server.ts'

const app = createTestApp()

/** A browser of the plainest kind that has opened the link at one of the servers. */
async function landed(address: string, path: string) {
  const opened = await fetch(address + path, { redirect: 'manual' })
  const cookie = opened.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ')
  const form = await (await fetch(`${address}/reset-password`, { headers: { cookie } })).text()
  const _csrf = /name="_csrf" value="([^"]+)"/.exec(form)?.[1] ?? ''
  return (newPassword: string) =>
    fetch(`${address}/reset-password`, {
      method: 'POST',
      headers: { cookie },
      body: new URLSearchParams({ _csrf, newPassword, confirmPassword: newPassword }),
      redirect: 'manual',
    })
}

test(
  'of twenty concurrent requests at two servers exactly one succeeds, after opening it twenty times',
  { timeout: 60_000 },
  async () => {
    const who = await app.createUser({ name: 'Rosa Vidal', role: 'Fieldworker' })
    await app.client().post('/forgot-password', { email: who.email })
    await app.runJobs()
    const [email] = await app.emailsTo(who)
    const path = new URL(email?.link ?? '').pathname
    const settings = { DATABASE_URL: app.connectionString, SESSION_SECRET: sessionSecret, WORKER: 'off' }
    const servers = await Promise.all([startServer(settings), startServer(settings)])
    const addresses = Array.from({ length: 20 }, (_, i) => servers[i % 2]?.address ?? '')
    for (const address of addresses) await fetch(address + path, { method: 'HEAD', redirect: 'manual' })

    const browsers = await Promise.all(addresses.map((address) => landed(address, path)))
    const before = await credential(app.db, who)
    const chosen = (i: number) => `winner ${i} violin harvest`
    const answers = await Promise.all(browsers.map((post, i) => post(chosen(i))))
    const winners = answers.flatMap(({ status }, i) => (status === 303 ? [i] : []))

    expect(winners).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(19)
    expect(await activityFor(app.db, who, 'password_change')).toHaveLength(1)
    expect((await credential(app.db, who)).credential_version).toBe(before.credential_version + 1)
    await app.signIn(who, false, chosen(winners[0] ?? -1))
    for (const server of servers) server.kill('SIGTERM')
    await Promise.all(servers.map(({ ended }) => ended))
  },
)
