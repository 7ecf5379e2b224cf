import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { ownerOf, testDatabase } from '../support/database.ts'

const database = testDatabase()
const copy = mkdtempSync(path.join(tmpdir(), 'fieldkey-dev-'))
afterAll(() => rmSync(copy, { recursive: true, force: true }))

test(
  'a file that changes restarts the server, and a mistake in it waits to be fixed',
  { timeout: 60_000 },
  async () => {
    for (const part of ['src', 'views', 'public', 'migrations', 'package.json'])
      cpSync(part, path.join(copy, part), { recursive: true })
    symlinkSync(path.resolve('node_modules'), path.join(copy, 'node_modules'))
    const dev = spawn(process.execPath, ['--import', './src/typescript.js', 'src/commands/dev.ts'], {
      cwd: copy,
      env: {
        ...{
          PATH: process.env.PATH,
          PORT: '0',
          DATABASE_URL: database,
          DATABASE_OWNER_URL: ownerOf(database),
        },
        SESSION_SECRET: 'for tests alone: 7f3a9c51e2b84d06',
      },
    })
    let said = ''
    for (const stream of [dev.stdout, dev.stderr])
      stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const until = (words: RegExp) =>
      vi.waitFor(() => expect(said).toMatch(words), { timeout: 20_000, interval: 50 })
    const address = () => /ready at (http:\S+)/.exec(said)?.[1] ?? ''
    const change = (file: string, from: string, to: string) => {
      const whole = path.join(copy, file)
      said = ''
      writeFileSync(whole, readFileSync(whole, 'utf8').replace(from, to))
    }

    await until(/ready at/)
    expect(await (await fetch(`${address()}/sign-in`)).text()).toContain('Trouble getting in?')

    change('views/layouts/auth.ejs', 'Trouble getting in?', 'No way in?')
    await until(/ready at/)
    expect(await (await fetch(`${address()}/sign-in`)).text()).toContain('No way in?')

    change('src/http-server.ts', 'return new Promise', 'return new Promise((')
    await until(/starts again when a file changes/)

    change('src/http-server.ts', 'return new Promise((', 'return new Promise')
    await until(/ready at/)
    expect((await fetch(`${address()}/healthz`)).status).toBe(200)

    dev.kill('SIGTERM')
    expect(await once(dev, 'exit')).toEqual([0, null])
  },
)
