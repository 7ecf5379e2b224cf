import type { Db } from '../../platform/db.ts'
import { createHasher, type Strength } from '../../auth/passwords/hash.ts'
import { insertPeople, insertTeams, lockDemo, selectUserCount, updateFirstStepsTaken } from './queries.ts'

export const demoPassword = 'demo paddock lantern 42'

const office = [
  { name: 'Olivia Hart', email: 'owner@demo.test', role: 'Owner', team: null },
  { name: 'Dana Whitlock', email: 'admin@demo.test', role: 'Admin', team: null },
  { name: 'Tom Ferris', email: 'dispatcher@demo.test', role: 'Dispatcher', team: 'Harbour crew' },
  { name: 'Aud Solberg', email: 'auditor@demo.test', role: 'Auditor', team: null },
]
const teams = ['North crew', 'Harbour crew', 'Valley crew']
const fieldworkers =
  `Ada Brandt, Bas Okonjo, Carla Moreto, Dario Lentz, Elif Tanner, Finn Larkin, Grace Abiola, Hugo Marchant,
  Ines Caldera, Jonas Adler, Kwame Boadi, Lena Wójcik, Milo Petrak, Nadia Haddou, Oskar Lind, Priya Raman, Quentin Moss,
  Rosa Vidal, Sam Field, Tova Berg, Umar Siddiq, Vera Kolar, Wanda Ruiz, Xavier Dumont, Yara Costa, Zoe Hartmann,
  Adam Reyes, Bea Lund, Cyrus Amini, Dora Sipos, Emil Strand, Faye Obi, Goran Ilic, Hana Sato, Ivan Petrov, Jade Nwosu,
  Karl Jensen, Lucia Ferro, Mats Ek, Nora Quist`
    .split(',')
    .map((name) => name.trim())

/** Creates the demo people, once and only in an empty database. All share one password, each with its own hash. */
export async function makeDemoCompany(db: Db, strength: Strength): Promise<void> {
  await db.transaction(async (tx) => {
    await lockDemo(tx)
    if ((await selectUserCount(tx)) > 0) return
    await insertTeams(tx, teams)
    await updateFirstStepsTaken(tx)
    const everyone = [...office, ...fieldworkers.map(fieldworker)]
    const { hash } = createHasher(strength)
    const hashes = await inGroups(everyone, () => hash(demoPassword))
    await insertPeople(
      tx,
      everyone.map((person, i) => ({ ...person, password_hash: hashes[i] })),
    )
  })
}

function fieldworker(name: string, i: number) {
  const number = i + 1
  return {
    name,
    email: `worker${number}@demo.test`,
    role: 'Fieldworker',
    team: teams[i % teams.length],
    phone: `+00 555 ${String(100 + number).padStart(4, '0')}`,
    status: number === 3 ? 'inactive' : number === 4 ? 'blocked' : 'active',
    verified: number !== 2,
  }
}

/** Works in groups no larger than the hasher's queue. */
async function inGroups<T, R>(all: T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let i = 0; i < all.length; i += 8) results.push(...(await Promise.all(all.slice(i, i + 8).map(work))))
  return results
}
