import { readFileSync, readdirSync } from 'node:fs'
import { z } from 'zod'
import { one, sql, type Db } from '../../src/platform/db.ts'

// What processes have used of a processor so far; not known but on Linux. On a busy machine it says more than the clock.

/** Of `/proc/…/stat` from the name on: parent, then from the eleventh on the time of its own and of its ended children. */
const statOf = (pid: number | string) =>
  readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').map(Number) ?? []

const ticks = (pid: number | string, to: number) =>
  statOf(pid)
    .slice(11, to)
    .reduce((sum, each) => sum + each, 0)

const orUnknown = (tell: () => number): number => {
  try {
    return tell()
  } catch {
    return NaN
  }
}

export const cpuSeconds = (pid = 0): number => orUnknown(() => ticks(pid, 13) / 100)

/** Of a database server on this machine: its processes that live, and those that it outlived. */
export async function databaseCpuSeconds(db: Db): Promise<number> {
  const { pid } = await one(db, z.object({ pid: z.number() }), sql`select pg_backend_pid() as pid`)
  return orUnknown(() => {
    const server = statOf(pid)[1] ?? 0
    return (ticks(server, 15) + childrenOf(server).reduce((sum, child) => sum + ticks(child, 13), 0)) / 100
  })
}

const childrenOf = (parent: number): string[] =>
  readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      return statOf(pid)[1] === parent
    } catch {
      return false // ended meanwhile
    }
  })
