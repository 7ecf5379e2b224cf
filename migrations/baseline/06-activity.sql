-- The types of events. `npm run migrate` writes them from src/activity/event-types.ts.
create table event_types (
  name text primary key
);

-- The activity log: append-only. Each row is chained to the one before by its hash.
create table activity_log (
  seq bigint primary key,
  id uuid not null unique default gen_random_uuid(),
  at timestamptz not null,
  event text not null references event_types,
  category text not null check (category in ('security', 'account', 'system')),
  method text,
  actor_id uuid, actor_name text, actor_email text,
  impersonator_id uuid, impersonator_email text,
  subject_id uuid, subject_name text, subject_email text,
  ip text,
  user_agent text,
  request_id text,
  details jsonb not null default '{}',
  prev_hash bytea not null,
  hash bytea not null
);

-- Reasons are codes (src/activity/reason-texts.ts). Entries of 0.1.0 hold sentences and are never changed, so this is not
-- validated.
alter table activity_log add constraint activity_log_reason check (case
  when event in ('password_reset_requested', 'sign_in_failed', 'sign_in_throttled', 'impersonation_ended', 'mail_failed')
    then details ->> 'reason'
  when event = 'automation_run' then details ->> 'fault' end ~ '^[a-z][a-z0-9_]*$') not valid;

-- What the text filter searches: names and addresses at the time, the values of the details, the reference; in lower
-- case and without the punctuation that JSON puts around its values. What is searched for is made like it.
create function activity_text(
  actor_name text, actor_email text, subject_name text, subject_email text, impersonator_email text,
  details jsonb, request_id text) returns text language sql immutable parallel safe as $$
  select translate(lower(
    coalesce(actor_name, '') || ' ' || coalesce(actor_email, '') || ' ' ||
    case when subject_email is distinct from actor_email
      then coalesce(subject_name, '') || ' ' || coalesce(subject_email, '') || ' ' else '' end ||
    coalesce(impersonator_email, '') || ' ' ||
    case when details = '{}' then '' else jsonb_path_query_array(details, '$.*')::text end || ' ' ||
    coalesce(request_id, '')), '[]{}",\', '')
$$;

-- Time and number rise together, so a span of days is a span of numbers. Every other filter leads an index that ends in
-- the number, so a page is read off its end and never sorted.
create index activity_log_by_at on activity_log (at);
create index activity_log_by_event on activity_log (event, seq);
create index activity_log_by_subject on activity_log (subject_id, event, seq, ip);
create index activity_log_by_actor on activity_log (actor_id, event, seq, subject_id, ip);
create index activity_log_by_ip on activity_log (ip, event, seq);
create index activity_log_by_text on activity_log using gin (event, actor_id, subject_id, ip,
  activity_text(actor_name, actor_email, subject_name, subject_email, impersonator_email, details, request_id)
  gin_trgm_ops);
-- Addresses that 0.1.0 wrote in another spelling; the log may not be corrected. No new row is in this index.
create index activity_log_by_other_spelling on activity_log (canonical_address(ip), ip) where ip <> canonical_address(ip);

-- What the hash of a row covers: every column, as canonical JSON, and the hash before it.
create function activity_hash(r activity_log) returns bytea language sql stable as $$
  select sha256(r.prev_hash || convert_to(jsonb_build_array(
    r.seq, r.id, to_char(r.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), r.event, r.category, r.method,
    r.actor_id, r.actor_name, r.actor_email, r.impersonator_id, r.impersonator_email,
    r.subject_id, r.subject_name, r.subject_email, r.ip, r.user_agent, r.request_id, r.details)::text, 'UTF8'))
$$;

-- Takes the lock first and numbers the row under it: numbers drawn before the lock would break the chain.
-- Whatever the caller sent for seq, at and the hashes is overwritten. Time never runs backwards, whatever the clock does.
-- A connection plans the look-up once. While the log has a page or two, reading all of it looks cheapest, and that plan
-- would read ever more as the log grows.
create function chain_activity() returns trigger language plpgsql security definer
  set search_path = public, pg_temp set enable_seqscan = off as $$
declare last record;
begin
  perform pg_advisory_xact_lock(hashtext('activity_log'));
  select seq, at, hash into last from activity_log order by activity_log.seq desc limit 1;
  new.seq := coalesce(last.seq, 0) + 1;
  new.at := greatest(clock_timestamp(), last.at + interval '1 microsecond');
  new.prev_hash := coalesce(last.hash, sha256('fieldkey'));
  new.hash := activity_hash(new);
  return new;
end $$;
create trigger chain_activity before insert on activity_log for each row execute function chain_activity();

-- remove_oldest_activity_month() removes whole old months. Nothing else is ever removed or changed.
create function refuse_rewriting() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.at < now() - interval '13 months'
     and current_setting('fieldkey.removing_activity', true) = 'yes' then
    return old;
  end if;
  raise exception 'The activity log can only be added to';
end $$;
create trigger never_changed before update or delete on activity_log for each row execute function refuse_rewriting();
create trigger never_emptied before truncate on activity_log for each statement execute function refuse_rewriting();

-- The check of the chain believes an entry about a removal, so only the removal itself, which runs as the owner, writes it.
create function refuse_made_up_removal() returns trigger language plpgsql as $$
begin
  if not pg_has_role(current_user, (select relowner from pg_class where oid = tg_relid), 'usage') then
    raise exception 'Only the removal of old months records one' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger removals_are_true before insert on activity_log for each row
  when (new.details ->> 'automation' = 'activity_retention') execute function refuse_made_up_removal();

-- Removes the oldest month (of UTC) if all of it is older than the company's retention, and writes the anchor from which
-- the rest of the chain is checked: the number and the hash of the last entry removed. Runs with the rights of the owner
-- of the log, so that the app's role needs none to delete. Returns the number of entries removed.
create function remove_oldest_activity_month() returns bigint language plpgsql security definer
  set search_path = public, pg_temp as $$
declare
  months int := (select activity_retention_months from company);
  first_at timestamptz := (select at from activity_log order by seq limit 1);
  month_begins timestamp := date_trunc('month', first_at at time zone 'UTC');
  month_ends timestamptz := (month_begins + interval '1 month') at time zone 'UTC';
  anchor record;
  removed bigint;
begin
  if months is null or first_at is null
     or month_ends > (now() at time zone 'UTC' - make_interval(months => greatest(months, 13))) at time zone 'UTC' then
    return 0;
  end if;
  if not exists (select from activity_log where at >= month_ends) then
    return 0; -- an empty log would begin its chain anew
  end if;
  select seq, hash into anchor from activity_log where at < month_ends order by at desc limit 1;
  perform set_config('fieldkey.removing_activity', 'yes', true);
  delete from activity_log where seq <= anchor.seq;
  get diagnostics removed = row_count;
  perform set_config('fieldkey.removing_activity', 'no', true);
  insert into activity_log (event, category, details) values ('automation_run', 'system', jsonb_build_object(
    'automation', 'activity_retention', 'month', to_char(month_begins, 'YYYY-MM'), 'removed', removed,
    'through_seq', anchor.seq, 'through_hash', encode(anchor.hash, 'hex')));
  return removed;
end $$;

-- Each check of the chain, and where the log ended: what was there once must be there at the next check.
create table activity_checks (
  checked_at timestamptz not null default now(),
  entries bigint not null,
  head_seq bigint not null,
  head_hash bytea,
  -- The first fault; null if the chain was whole.
  fault reason
);
create index activity_checks_newest on activity_checks (checked_at);

-- The keys that sign evidence packs. The private half is sealed with a key of the environment, or missing if the
-- environment gives it: a copy of the database signs nothing. Retired keys stay, so that older packs can be checked.
create table evidence_keys (
  id uuid primary key default gen_random_uuid(),
  fingerprint text not null check (fingerprint ~ '^([0-9a-f]{4}-){15}[0-9a-f]{4}$'),
  public_key bytea not null,
  sealed_private_key bytea,
  made_at timestamptz not null default now(),
  retired_at timestamptz check (retired_at >= made_at)
);
create unique index evidence_key_in_use on evidence_keys ((true)) where retired_at is null;
