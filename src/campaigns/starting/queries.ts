import { z } from 'zod'
import { Role } from '../../access/actor.ts'
import { Id, many, maybeOne, one, run, sql, type Queryable, type Tx } from '../../platform/db.ts'
import type { Recipient, SkipReason } from '../skip-reasons.ts'

const RecipientRow = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  verified: z.boolean(),
  status: z.enum(['invited', 'active', 'inactive', 'blocked']),
  team_id: z.string().nullable(),
  role: Role,
  shared: z.boolean(),
  bouncing: z.boolean(),
})

/** What a campaign needs to know about people, by name. */
export async function selectRecipients(db: Queryable, ids: string[]): Promise<Recipient[]> {
  const rows = await many(
    db,
    RecipientRow,
    sql`select u.id, u.name, u.email, u.email_verified_at is not null as verified, u.status, u.team_id, to_jsonb(r) as role,
          exists (select from users o where mailbox(o.email) = mailbox(u.email) and o.id <> u.id) as shared,
          (select count(*) = 2 and bool_and(last.status = 'failed') from (
            select l.status from emails l where l.to_address = u.email and l.status <> 'queued' and not l.not_a_bounce
            order by l.created_at desc limit 2) last) as bouncing
        from users u join roles r on r.id = u.role_id where u.id = any(${ids}::uuid[])
        order by u.name collate "und-x-icu", u.id`,
  )
  return rows.map(({ team_id: teamId, role, verified: emailVerified, ...person }) => {
    const { id, name, email } = person
    return { ...person, emailVerified, target: { id, name, email, teamId, role } }
  })
}

const SavedSelection = z.object({ user_ids: z.array(z.string()) })

/** The people of a saved selection, only for the person who saved it and for one day. */
export async function selectOptionalSavedSelection(
  db: Queryable,
  by: string,
  id: string,
): Promise<string[] | undefined> {
  const row = await maybeOne(
    db,
    SavedSelection,
    sql`select user_ids from campaign_selections
        where id = ${id} and chosen_by = ${by} and chosen_at > now() - interval '1 day'`,
  )
  return row?.user_ids
}

export async function insertSavedSelection(tx: Tx, by: string, userIds: string[]): Promise<string> {
  const row = await one(
    tx,
    Id,
    sql`insert into campaign_selections (chosen_by, user_ids) values (${by}, ${userIds}::uuid[]) returning id`,
  )
  return row.id
}

export function deleteOldSavedSelections(db: Queryable, limit: number): Promise<number> {
  return run(
    db,
    sql`delete from campaign_selections where id in (
          select id from campaign_selections where chosen_at < now() - interval '1 day' limit ${limit})`,
  )
}

interface NewCampaign {
  text: { name: string; subject: string; body: string }
  by: string
  emailsPerSecond: number
}

export async function insertCampaign(tx: Tx, { text, by, emailsPerSecond }: NewCampaign): Promise<string> {
  const row = await one(
    tx,
    Id,
    sql`insert into campaigns (name, subject, body, started_by, run_as, emails_per_second)
        values (${text.name}, ${text.subject}, ${text.body}, ${by}, ${by}, ${emailsPerSecond}) returning id`,
  )
  return row.id
}

export async function insertRecipients(
  tx: Tx,
  campaignId: string,
  people: { id: string; reason: SkipReason | null }[],
): Promise<void> {
  await run(
    tx,
    sql`insert into campaign_people (campaign_id, user_id, skip_reason, due_at)
        select ${campaignId}, id, why, case when why is null then now() end
        from unnest(${people.map(({ id }) => id)}::uuid[], ${people.map(({ reason }) => reason)}::text[]) as p(id, why)`,
  )
  await run(tx, sql`select count_campaign_people()`)
}
