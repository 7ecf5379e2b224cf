import { describeReason } from '../../src/activity/describe-reason.ts'
import { z } from 'zod'
import { maybeOne, one, run, sql, type Db } from '../../src/platform/db.ts'
import { minimumStrength, createHasher } from '../../src/auth/passwords/hash.ts'

/** The password of everyone in the cast. */
export const password = 'amber kettle orchard 93'
const hash = createHasher(minimumStrength).hash(password)

export interface Cast {
  owner: TestUser
  admin: TestUser
  dispatcher: TestUser
  auditor: TestUser
  sam: TestUser
  otto: TestUser
}

export interface TestUser {
  id: string
  name: string
  email: string
}

interface Traits {
  name: string
  email: string
  role: string
  team?: string
  status?: string
  verified?: boolean
}

/**
 * Owner, Admin and Auditor; a dispatcher and Sam in the North crew; Otto in the Harbour crew, outside the
 * dispatcher's scope.
 */
export async function cast(db: Db): Promise<Cast> {
  return {
    owner: await createUser(db, { name: 'Olivia Owner', email: 'owner@firm.test', role: 'Owner' }),
    admin: await createUser(db, { name: 'Dana Admin', email: 'admin@firm.test', role: 'Admin' }),
    dispatcher: await createUser(db, {
      name: 'Tom Dispatcher',
      email: 'dispatcher@firm.test',
      role: 'Dispatcher',
      team: 'North',
    }),
    auditor: await createUser(db, { name: 'Aud Auditor', email: 'auditor@firm.test', role: 'Auditor' }),
    sam: await createUser(db, {
      name: 'Sam Field',
      email: 'sam@firm.test',
      role: 'Fieldworker',
      team: 'North',
    }),
    otto: await createUser(db, {
      name: 'Otto Harbour',
      email: 'otto@firm.test',
      role: 'Fieldworker',
      team: 'Harbour',
    }),
  }
}

export async function createUser(
  db: Db,
  { name, email, role, team, status = 'active', verified = true }: Traits,
) {
  if (team) await run(db, sql`insert into teams (name) values (${team}) on conflict do nothing`)
  return one(
    db,
    z.object({ id: z.string(), name: z.string(), email: z.string() }),
    sql`insert into users (name, email, role_id, team_id, status, email_verified_at, password_hash, password_changed_at)
        values (${name}, ${email}, (select id from roles where name = ${role}), (select id from teams where name = ${team}),
          ${status}, case when ${verified} then now() end, ${await hash}, now() - interval '30 days')
        returning id, name, email`,
  )
}

/** The stored credential of a person, to check that it changed or did not. */
export async function credential(db: Db, { id }: TestUser) {
  const row = await maybeOne(
    db,
    z.object({
      password_hash: z.string(),
      credential_version: z.number(),
      status: z.string(),
      temporary: z.boolean(),
    }),
    sql`select password_hash, credential_version, status, temporary_password_expires_at is not null as temporary
        from users where id = ${id}`,
  )
  if (!row) throw new Error('No user has this id')
  return row
}

const Logged = z.object({
  event: z.string(),
  method: z.string().nullable(),
  actor_id: z.string().nullable(),
  subject_id: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
})

/** The log entries about a person, oldest first. */
export async function activityFor(db: Db, { id }: TestUser, event?: string) {
  const { rows } = await db.query(
    sql`select event, method, actor_id, subject_id, details from activity_log
        where subject_id = ${id} and (${event ?? null}::text is null or event = ${event ?? null}) order by seq`,
  )
  return z.array(Logged).parse(rows)
}

/** The ended impersonations of a person, and why each ended, as the log says it. */
export async function endedImpersonations(db: Db, who: TestUser) {
  const entries = await activityFor(db, who, 'impersonation_ended')
  return entries.map((entry) => ({ ...entry, why: describeReason('impersonation_ended', entry.details) }))
}
