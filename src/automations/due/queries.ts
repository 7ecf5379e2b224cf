import { z } from 'zod'
import { asTarget, TargetRow, type Target } from '../../access/actor.ts'
import { companyZone } from '../../company/queries.ts'
import { allOf, many, one, sql, type Queryable, type Sql, type Tx } from '../../platform/db.ts'
import type { AutomationKey, Settings } from '../definitions.ts'

/** What makes a person due and since when. Together with `step`, `since` names the occasion, so that each happens once. */
interface DueRule {
  when: Sql
  since: Sql
  /** A time that the emails show. */
  at?: Sql
  /** The number of days ahead of a reminder. */
  step?: Sql
}

/** The people an automation is for, and the scope of the person it runs as. */
export interface Audience {
  key: AutomationKey
  settings: Settings
  /** The automation whose roles, teams and exemptions it uses. */
  audienceOf: AutomationKey
  audienceSettings: Settings
  /** Roles in the author's scope, and whether the author is included. */
  scope: { roleIds: string[]; authorId: string; includesAuthor: boolean }
}

const age = sql`coalesce(u.password_changed_at, u.created_at)`
const hasOwnPassword = sql`u.status = 'active' and u.password_hash is not null and u.temporary_password_expires_at is null
  and u.password_expired_at is null`
const ownChange = sql`case when u.password_method <> 'admin' then u.password_changed_at end`
const lastUsed = sql`greatest(u.last_sign_in_at, u.status_changed_at, u.created_at, ${ownChange})`
const inDays = (days: number | null) => sql`make_interval(days => ${days}::int)`

const dueRules: Record<AutomationKey, (audience: Audience) => DueRule> = {
  // Only those that expired in the last week: no one waits for older ones.
  temporary: () => ({
    when: sql`u.temporary_password_expired_at > now() - interval '7 days'`,
    since: sql`u.temporary_password_expired_at`,
  }),
  reminder: ({ settings, audienceSettings }) => {
    const due = sql`(${age} + ${inDays(audienceSettings.days)})`
    const daysLeft = sql`((${due} at time zone ${companyZone})::date - (now() at time zone ${companyZone})::date)`
    const step = sql`(select min(ahead) from unnest(${settings.daysAhead}::int[]) ahead where ahead >= ${daysLeft})`
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
    when: sql`u.status = 'active' and ${lastUsed} <= now() - ${inDays(settings.days)} and not exists (
      select from sessions s where s.user_id = u.id and s.last_seen_at > now() - ${inDays(settings.days)})`,
    since: lastUsed,
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
/** A person that an automation will act on. */
export type Due = Target &
  Pick<z.output<typeof DueRow>, 'occasion' | 'since' | 'at' | 'step'> & {
    teamName: string | null
    /** The person who set their password, if still active. */
    setter: Target | null
  }

/** Everyone who is due, in scope or not. */
function dueFrom(audience: Audience): { from: Sql; rule: DueRule; occasion: Sql } {
  const { key, audienceOf, audienceSettings } = audience
  const rule = dueRules[key](audience)
  const step = rule.step ?? sql`null::int`
  const occasion = sql`extract(epoch from ${rule.since}) || coalesce('/' || ${step}, '')`
  const from = sql`from users u join roles r on r.id = u.role_id left join teams t on t.id = u.team_id where ${allOf(
    [
      rule.when,
      audienceSettings.roleIds.length > 0 && sql`u.role_id = any(${audienceSettings.roleIds}::uuid[])`,
      audienceSettings.teamIds.length > 0 && sql`u.team_id = any(${audienceSettings.teamIds}::uuid[])`,
      sql`not exists (select from automation_exemptions e where e.automation = ${audienceOf} and e.user_id = u.id)`,
      sql`not exists (select from automation_actions d where d.automation = ${key} and d.user_id = u.id and d.occasion = ${occasion})`,
    ],
  )}`
  return { from, rule, occasion }
}

function inScope({ scope: { roleIds, authorId, includesAuthor } }: Audience): Sql {
  return sql`(u.role_id = any(${roleIds}::uuid[]) and u.id <> ${authorId} or ${includesAuthor} and u.id = ${authorId})`
}

function due(audience: Audience, limit: number): Sql {
  const { from, rule, occasion } = dueFrom(audience)
  return sql`select u.id, u.name, u.email, u.team_id, t.name as team_name, to_jsonb(r) as role, ${occasion} as occasion,
      ${rule.since} as since, ${rule.at ?? sql`null::timestamptz`} as at, ${rule.step ?? sql`null::int`} as step,
      (select jsonb_build_object('id', s.id, 'name', s.name, 'email', s.email, 'team_id', s.team_id, 'role', to_jsonb(sr))
        from users s join roles sr on sr.id = s.role_id where s.id = u.password_changed_by and s.status = 'active') as setter
    ${from} and ${inScope(audience)} order by since, u.id limit ${limit}`
}

async function read(db: Queryable, statement: Sql): Promise<Due[]> {
  const rows = await many(db, DueRow, statement)
  return rows.map(({ team_id: teamId, team_name: teamName, setter, ...row }) => ({
    ...row,
    teamId,
    teamName,
    setter: setter && asTarget(setter),
  }))
}

/** The people who are due now, the longest due first. */
export const selectDue = (db: Queryable, audience: Audience, limit: number): Promise<Due[]> =>
  read(db, due(audience, limit))

/** The same, locked. People locked elsewhere are left for the next run. */
export const selectDueForUpdate = (tx: Tx, audience: Audience, limit: number): Promise<Due[]> =>
  read(tx, sql`${due(audience, limit)} for no key update of u skip locked`)

const DueCount = z.object({ due: z.coerce.number(), beyond: z.coerce.number() })

/** How many are due in scope, and how many outside the scope of the person it runs as (`beyond`). */
export function selectDueCount(db: Queryable, audience: Audience): Promise<{ due: number; beyond: number }> {
  return one(
    db,
    DueCount,
    sql`select count(*) filter (where ${inScope(audience)}) as due, count(*) filter (where not ${inScope(audience)}) as beyond
        ${dueFrom(audience).from}`,
  )
}
