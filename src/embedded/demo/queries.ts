import { z } from 'zod'
import { Count, many, one, run, sql, Sql, type Db, type Tx } from '../../platform/db.ts'

/** Of two concurrent first starts, the second waits and finds the company created. */
export async function lockDemo(tx: Tx): Promise<void> {
  await run(tx, sql`select pg_advisory_xact_lock(hashtext('demo'))`)
}

export async function insertTeams(tx: Tx, names: string[]): Promise<void> {
  await run(tx, sql`insert into teams (name) select unnest(${names}::text[]) on conflict do nothing`)
}

export async function selectUserCount(tx: Tx): Promise<number> {
  return (await one(tx, Count, sql`select count(*) from users`)).count
}

/** The first steps of a new company are for others. */
export async function updateFirstStepsTaken(tx: Tx): Promise<void> {
  await run(tx, sql`update company set first_steps_dismissed_at = now()`)
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

/** Inserts many fieldworkers in teams of forty, all with one password. */
export async function insertFieldworkers(tx: Tx, count: number, passwordHash: string): Promise<void> {
  await run(
    tx,
    sql`insert into teams (name) select 'Crew ' || lpad(i::text, 4, '0')
        from generate_series(1, (${count}::int + 39) / 40) i on conflict do nothing`,
  )
  await run(
    tx,
    sql`insert into users (name, email, phone, role_id, team_id, status, email_verified_at, password_hash,
          password_changed_at, password_method, created_at)
        select first || ' ' || last || ' ' || i, lower(first || '.' || last || '.' || i) || '@seed.test',
          '+00 555 ' || lpad(i::text, 6, '0'), (select id from roles where name = 'Fieldworker'), t.id,
          case when i % 20 = 0 then 'inactive' when i % 50 = 1 then 'blocked' else 'active' end,
          case when i % 10 > 0 then now() - interval '300 days' end, ${passwordHash}, now() - interval '90 days', 'self',
          now() - interval '800 days'
        from (select count(*) as before from users where email like '%@seed.test') so_far
          cross join generate_series(before + 1, before + ${count}::int) i
          cross join split_part(${firsts}, ' ', 1 + (i % 20)::int) first
          cross join split_part(${lasts}, ' ', 1 + (i / 20 % 25)::int) last
          left join teams t on t.name = 'Crew ' || lpad((1 + (i - 1) / 40)::text, 4, '0')`,
  )
}

const firsts =
  'Ada Bas Carla Dario Elif Finn Grace Hugo Ines Jonas Kwame Lena Milo Nadia Oskar Priya Quentin Rosa Tova Umar'
const lasts =
  'Adler Berg Costa Dumont Ek Ferro Gomez Haddou Ilic Jensen Kolar Lind Moss Nwosu Okonjo Petrak Quist Raman Sato Tanner Udo Vidal Wojcik Young Zeman'

const Index = z.object({ name: z.string(), definition: z.string() })

/**
 * Inserts years of log entries, chained as the log itself chains them. The trigger is off meanwhile and the indexes
 * are rebuilt at the end, all in one transaction. This needs the owner's login and no other users.
 */
export async function insertEntries(tx: Tx, count: number): Promise<void> {
  await run(tx, sql`set local statement_timeout = 0`)
  await run(tx, sql`select pg_advisory_xact_lock(hashtext('activity_log'))`)
  await run(tx, sql`alter table activity_log disable trigger chain_activity`)
  await run(tx, sql`alter table activity_log disable trigger count_new_activity`)
  const { beyond } = await one(tx, Beyond, nextNumber)
  const indexes = await many(
    tx,
    Index,
    sql`select c.relname as name, pg_get_indexdef(c.oid) as definition from pg_index i join pg_class c on c.oid = i.indexrelid
        where i.indrelid = 'activity_log'::regclass and not i.indisunique`,
  )
  for (const { name } of indexes) await run(tx, new Sql(`drop index ${name}`, []))
  await run(tx, defineMakeEntries)
  await run(tx, sql`select pg_temp.make_entries(${count}::int)`)
  for (const { definition } of indexes) await run(tx, new Sql(definition, []))
  await run(tx, sql`select count_activity(${beyond}::bigint, 9223372036854775807)`)
  await run(tx, sql`alter table activity_log enable trigger count_new_activity`)
  await run(tx, sql`alter table activity_log enable trigger chain_activity`)
}

const Beyond = z.object({ beyond: z.string() })
const nextNumber = sql`select (coalesce(max(seq), 0) + 1)::text as beyond from activity_log`

/** Updates the statistics, so that the planner behaves as in an app that has run for years. */
export async function tidyUp(db: Db): Promise<void> {
  await run(db, sql`vacuum analyze activity_log, activity_counts`)
  await run(db, sql`vacuum analyze users`)
}

const defineMakeEntries = sql`
create function pg_temp.make_entries(wanted int) returns void language plpgsql as $$
declare
  people users[] := array(select u from users u order by random() limit 20000);
  office users[] := array(select u from users u join roles r on r.id = u.role_id where r.kind = 'office');
  events text[] := string_to_array(repeat('sign_in ', 52) || repeat('sign_out ', 16) || repeat('sign_in_failed ', 9)
    || repeat('password_change ', 5) || repeat('password_reset_requested ', 4) || repeat('password_reset_sent ', 4)
    || repeat('sessions_ended ', 3) || 'sign_in_throttled email_verification_sent email_verified user_updated '
    || 'user_activated user_deactivated mail_failed', ' ');
  agents text[] := array[
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
    'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36'];
  reasons text[] := array['wrong_password', 'wrong_password', 'wrong_password', 'blocked', 'inactive'];
  last activity_log;
  r activity_log;
  who users;
  boss users;
  step interval;
begin
  select * into last from activity_log order by seq desc limit 1;
  r.seq := coalesce(last.seq, 0);
  r.at := coalesce(last.at, now() - interval '730 days');
  r.hash := coalesce(last.hash, sha256('fieldkey'));
  step := (now() - r.at) / (wanted + 1);
  for i in 1..wanted loop
    who := people[1 + floor(random() * cardinality(people))::int];
    r.seq := r.seq + 1;
    r.at := r.at + step;
    r.id := gen_random_uuid();
    r.event := events[1 + floor(random() * cardinality(events))::int];
    r.category := case when r.event like 'user%' then 'account' when r.event = 'mail_failed' then 'system' else 'security' end;
    r.method := case when r.event = 'password_change' then (array['self', 'mobile', 'reset_link', 'admin'])[1 + floor(random() * 4)::int] end;
    boss := case when r.method = 'admin' or r.event in ('user_activated', 'user_deactivated', 'sessions_ended')
      then office[1 + floor(random() * cardinality(office))::int] else who end;
    if r.event in ('sign_in_failed', 'sign_in_throttled', 'mail_failed', 'password_reset_sent') then boss := null; end if;
    r.actor_id := boss.id; r.actor_name := boss.name; r.actor_email := boss.email;
    r.subject_id := who.id; r.subject_name := who.name; r.subject_email := who.email;
    r.ip := case when boss.id is distinct from who.id then '198.51.100.' || 1 + floor(random() * 4)::int
      else '10.' || floor(random() * 20)::int || '.' || floor(random() * 100)::int || '.' || floor(random() * 250)::int end;
    r.user_agent := agents[1 + floor(random() * 3)::int];
    r.request_id := upper(substr(md5(random()::text), 1, 10));
    r.details := case
      when r.event = 'sign_in' then jsonb_build_object('remembered', random() < 0.5)
      when r.event = 'sign_in_failed' then jsonb_build_object('reason', reasons[1 + floor(random() * 5)::int])
      when r.event = 'sign_in_throttled' then '{"reason": "wrong_passwords", "failures": 5, "network": false}'
      when r.event = 'password_change' then jsonb_build_object('temporary', r.method = 'admin', 'sessions_ended', floor(random() * 3)::int)
      when r.event = 'sessions_ended' then jsonb_build_object('count', 1 + floor(random() * 2)::int)
      when r.event = 'email_verified' then jsonb_build_object('email', who.email)
      when r.event = 'user_updated' then jsonb_build_object('email_before', 'old.' || who.email, 'email_after', who.email)
      when r.event = 'mail_failed' then '{"template": "reset_link", "answer": "550 5.1.1 No such mailbox"}'
      else '{}' end;
    r.prev_hash := r.hash;
    r.hash := activity_hash(r);
    insert into activity_log select r.*;
  end loop;
end $$`
