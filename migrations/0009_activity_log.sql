-- The log is read by filters, over years of entries. Time and number run together, so a span of days is a span of
-- numbers; every other filter leads an index that ends in the number, so a page is read off its end and never sorted.
drop index activity_log_by_subject;
drop index activity_log_by_actor;
create index activity_log_by_at on activity_log (at);
create index activity_log_by_event on activity_log (event, seq);
create index activity_log_by_subject on activity_log (subject_id, event, seq, ip);
create index activity_log_by_actor on activity_log (actor_id, event, seq, subject_id, ip);
create index activity_log_by_ip on activity_log (ip, event, seq);

-- What the text filter looks in: names and addresses as they were, the values of the details, the reference; in lower
-- case and without the signs that JSON puts round its values. What is looked for is made like it.
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
create extension if not exists btree_gin;
create index activity_log_by_text on activity_log using gin (event, actor_id, subject_id, ip,
  activity_text(actor_name, actor_email, subject_name, subject_email, impersonator_email, details, request_id)
  gin_trgm_ops);

-- As in 0003, but for the time, which never runs backwards, whatever the clock does.
create or replace function chain_activity() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
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

-- Each walk along the chain, and where it ended: what was there once must be there at the next one.
create table activity_checks (
  checked_at timestamptz not null default now(),
  entries bigint not null,
  head_seq bigint not null,
  head_hash bytea,
  -- The first thing that was wrong, in words; null when the chain was whole.
  fault text
);
create index activity_checks_newest on activity_checks (checked_at);

-- How many months entries are kept; null keeps them for good. Thirteen is a year and the month for looking at it.
alter table company add activity_retention_months int check (activity_retention_months >= 13);

-- Whole old months may go, by remove_oldest_activity_month() alone; nothing else ever may.
create or replace function refuse_rewriting() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.at < now() - interval '13 months'
     and current_setting('fieldkey.removing_activity', true) = 'yes' then
    return old;
  end if;
  raise exception 'The activity log can only be added to';
end $$;

-- What tells of a removal is believed when the chain is checked: only the removal itself, which runs as the owner, writes it.
create function refuse_made_up_removal() returns trigger language plpgsql as $$
begin
  if not pg_has_role(current_user, (select relowner from pg_class where oid = tg_relid), 'usage') then
    raise exception 'Only the removal of old months records one' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger removals_are_true before insert on activity_log for each row
  when (new.details ->> 'automation' = 'activity_retention') execute function refuse_made_up_removal();

-- Removes the oldest month (of UTC) when all of it is older than the company's retention, and writes the anchor from
-- which the rest of the chain is checked: the number and the hash of the last entry removed. Runs with the rights of
-- the owner of the log, so that the program's own role needs none to delete. Gives the entries removed, 0 when none is due.
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

-- Nothing unlisted appears; src/activity/kinds.ts holds the same list.
alter table activity_log add constraint activity_log_event check (event in (
  'password_change', 'password_reset_requested', 'password_reset_sent', 'sign_in', 'sign_in_failed', 'sign_in_throttled',
  'sign_out', 'sessions_ended', 'impersonation_started', 'impersonation_ended', 'email_verification_sent',
  'email_verified', 'temporary_password_expired', 'password_expired', 'role_changed', 'permissions_changed',
  'policy_changed', 'user_blocked', 'user_unblocked', 'activity_exported', 'user_created', 'user_imported',
  'user_updated', 'user_activated', 'user_deactivated', 'campaign_started', 'campaign_finished',
  'canned_response_changed', 'automation_run', 'password_expiry_reminder_sent', 'mail_failed'));

-- A spreadsheet takes a cell that begins like this for a formula; with an apostrophe before it, it is text.
create function csv_cell(value text) returns text language sql immutable parallel safe as $$
  select case when value ~ '^([\s\u00a0\ufeff]*[-=+@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])' then '''' || value else value end
$$;

-- The email log, by what it is filtered by.
drop index letters_newest;
create index letters_newest on letters (created_at, id);
create index letters_by_template on letters (template, created_at, id);
create index letters_by_status on letters (status, created_at, id);
create index letters_by_receiver on letters using gin (to_address gin_trgm_ops, lower(to_name) gin_trgm_ops);
