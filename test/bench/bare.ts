import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** A bare Express in a process of its own, that sends a string of so many bytes; ready when this returns. */
export async function startBare(bytes: number) {
  const child = spawn(process.execPath, [
    '--import',
    './src/typescript.js',
    'test/bench/bare-express.ts',
    String(bytes),
  ])
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  const address = /http:\S+/.exec(said.toString())?.[0] ?? ''
  return { address, stop: () => child.kill() }
}
