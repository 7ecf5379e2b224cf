import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

/** A command as npm runs it, with settings alone. */
function run(command: string, env: Record<string, string>) {
  const options = ['--import', './src/typescript.js', `src/commands/${command}.ts`, '--email', 'a@b.test']
  const { status, stdout, stderr } = spawnSync(process.execPath, options, {
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test.each(['create-owner', 'migrate', 'worker'])(
  '%s tells wrong settings by name, and no more',
  (command) => {
    expect(run(command, { DATABASE_URL: 'mysql://somewhere', PORT: 'many' })).toEqual({
      status: 1,
      stdout: '',
      stderr: [
        'Fieldkey cannot start with these settings:',
        '  PORT must be a whole number',
        '  DATABASE_URL must be an address such as postgres://user:password@host/fieldkey',
        '',
      ].join('\n'),
    })
  },
)

test('worker says that it needs a database', () => {
  const { status, stderr } = run('worker', { SESSION_SECRET: 'for tests alone: 7f3a9c51e2b84d06' })
  expect([status, stderr]).toEqual([
    1,
    'npm run worker needs DATABASE_URL: the database of the server it works for\n',
  ])
})
