import { z } from 'zod'
import { one, run, sql, type Tx } from '../foundation/db.ts'

/** Two first starts at once: the second waits, and finds the company made. */
export async function lockDemo(tx: Tx): Promise<void> {
  await run(tx, sql`select pg_advisory_xact_lock(hashtext('demo'))`)
}

export async function insertTeams(tx: Tx, names: string[]): Promise<void> {
  await run(tx, sql`insert into teams (name) select unnest(${names}::text[]) on conflict do nothing`)
}

export async function selectUserCount(tx: Tx): Promise<number> {
  return (await one(tx, z.object({ count: z.coerce.number() }), sql`select count(*) from users`)).count
}

export async function insertPeople(tx: Tx, people: object[]): Promise<void> {
  await run(
    tx,
    sql`insert into users (name, email, phone, role_id, team_id, status, email_verified_at, password_hash,
          password_changed_at, password_method, created_at, status_changed_at)
        select p.name, p.email, p.phone, r.id, t.id, coalesce(p.status, 'active'),
          case when coalesce(p.verified, true) then now() - interval '300 days' end, p.password_hash,
          now() - interval '90 days', 'self', now() - interval '400 days',
          now() - interval '400 days'
        from jsonb_to_recordset(${JSON.stringify(people)}::jsonb)
          as p(name text, email text, phone text, role text, team text, status text, verified boolean, password_hash text)
        join roles r on r.name = p.role left join teams t on t.name = p.team`,
  )
}
