import { z } from 'zod'
import { asTarget, TargetRow, type Target } from '../../access/actor.ts'
import { companyZone } from '../../company/queries.ts'
import { allOf, many, one, sql, type Queryable, type Sql, type Tx } from '../../platform/db.ts'
import type { AutomationKey, Settings } from '../definitions.ts'

/** What makes somebody due: when, since when, and which occasion it is, so that each has it once. */
interface DueRule {
  when: Sql
  since: Sql
  /** A moment that the letters tell, and a number of days. */
  at?: Sql
  step?: Sql
}

/** Whom an automation concerns, and what somebody who acts by it reaches. */
export interface Audience {
  key: AutomationKey
  settings: Settings
  /** Of the automation whose roles, teams and exemptions it goes by. */
  audienceOf: AutomationKey
  audienceSettings: Settings
  /** Roles whose holders the author reaches; and the author, who is one of them only where that is said. */
  scope: { roleIds: string[]; authorId: string; themself: boolean }
}

const age = sql`coalesce(u.password_changed_at, u.created_at)`
const hasOwnPassword = sql`u.status = 'active' and u.password_hash is not null and u.temporary_password_expires_at is null
  and u.password_expired_at is null`
const ownChange = sql`case when u.password_method <> 'admin' then u.password_changed_at end`
const lastUse = sql`greatest(u.last_sign_in_at, u.status_changed_at, u.created_at, ${ownChange})`
const inDays = (days: number | null) => sql`make_interval(days => ${days}::int)`

const dueRules: Record<AutomationKey, (audience: Audience) => DueRule> = {
  // Of those who died before it was asked for, none older than a week: nobody waits for them any more.
  temporary: () => ({
    when: sql`u.temporary_password_expired_at > now() - interval '7 days'`,
    since: sql`u.temporary_password_expired_at`,
  }),
  reminder: ({ settings, audienceSettings: audience }) => {
    const due = sql`(${age} + ${inDays(audience.days)})`
    const left = sql`((${due} at time zone ${companyZone})::date - (now() at time zone ${companyZone})::date)`
    const step = sql`(select min(ahead) from unnest(${settings.daysAhead}::int[]) ahead where ahead >= ${left})`
    return {
      when: sql`${hasOwnPassword} and ${due} > now() and ${step} is not null`,
      since: age,
      at: due,
      step,
    }
  },
  enforce: ({ settings }) => ({
    when: sql`${hasOwnPassword} and ${age} <= now() - ${inDays(settings.days)}`,
    since: age,
  }),
  dormant: ({ settings }) => ({
    when: sql`u.status = 'active' and ${lastUse} <= now() - ${inDays(settings.days)} and not exists (
      select from sessions s where s.user_id = u.id and s.last_seen_at > now() - ${inDays(settings.days)})`,
    since: lastUse,
  }),
}

const DueRow = TargetRow.extend({
  team_name: z.string().nullable(),
  occasion: z.string(),
  since: z.date(),
  at: z.date().nullable(),
  step: z.number().nullable(),
  setter: TargetRow.nullable(),
})
/** Somebody an automation is to do something about. */
export type Due = Target &
  Pick<z.output<typeof DueRow>, 'occasion' | 'since' | 'at' | 'step'> & {
    teamName: string | null
    /** Who set their password, if they can still sign in. */
    setter: Target | null
  }

/** Everybody who is due, whoever reaches them. */
function dueBy(its: Audience): { from: Sql; occasion: DueRule; name: Sql } {
  const { key, audienceOf: whomOf, audienceSettings: audience } = its
  const occasion = dueRules[key](its)
  const step = occasion.step ?? sql`null::int`
  const name = sql`extract(epoch from ${occasion.since}) || coalesce('/' || ${step}, '')`
  const from = sql`from users u join roles r on r.id = u.role_id left join teams t on t.id = u.team_id where ${allOf(
    [
      occasion.when,
      audience.roleIds.length > 0 && sql`u.role_id = any(${audience.roleIds}::uuid[])`,
      audience.teamIds.length > 0 && sql`u.team_id = any(${audience.teamIds}::uuid[])`,
      sql`not exists (select from automation_exemptions e where e.automation = ${whomOf} and e.user_id = u.id)`,
      sql`not exists (select from automation_actions d where d.automation = ${key} and d.user_id = u.id and d.occasion = ${name})`,
    ],
  )}`
  return { from, occasion, name }
}

function within({ scope: { roleIds, authorId, themself } }: Audience): Sql {
  return sql`(u.role_id = any(${roleIds}::uuid[]) and u.id <> ${authorId} or ${themself} and u.id = ${authorId})`
}

function due(its: Audience, limit: number): Sql {
  const { from, occasion, name } = dueBy(its)
  return sql`select u.id, u.name, u.email, u.team_id, t.name as team_name, to_jsonb(r) as role, ${name} as occasion,
      ${occasion.since} as since, ${occasion.at ?? sql`null::timestamptz`} as at, ${occasion.step ?? sql`null::int`} as step,
      (select jsonb_build_object('id', s.id, 'name', s.name, 'email', s.email, 'team_id', s.team_id, 'role', to_jsonb(sr))
        from users s join roles sr on sr.id = s.role_id where s.id = u.password_changed_by and s.status = 'active') as setter
    ${from} and ${within(its)} order by since, u.id limit ${limit}`
}

async function read(db: Queryable, statement: Sql): Promise<Due[]> {
  const rows = await many(db, DueRow, statement)
  return rows.map(({ team_id: teamId, team_name: teamName, setter, ...row }) => ({
    ...{ ...row, teamId, teamName },
    setter: setter && asTarget(setter),
  }))
}

/** Whom it would concern now, the longest due first. */
export const selectDue = (db: Queryable, audience: Audience, limit: number): Promise<Due[]> =>
  read(db, due(audience, limit))

/** The same, locked; whoever is in other hands at this moment comes the next time. */
export const selectDueForUpdate = (tx: Tx, audience: Audience, limit: number): Promise<Due[]> =>
  read(tx, sql`${due(audience, limit)} for no key update of u skip locked`)

const DueCount = z.object({ due: z.coerce.number(), beyond: z.coerce.number() })

/** How many are due, and how many more would be if whoever it acts for reached them. */
export function selectDueCount(db: Queryable, audience: Audience): Promise<{ due: number; beyond: number }> {
  return one(
    db,
    DueCount,
    sql`select count(*) filter (where ${within(audience)}) as due, count(*) filter (where not ${within(audience)}) as beyond
        ${dueBy(audience).from}`,
  )
}
