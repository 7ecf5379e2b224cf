-- The activity log: append-only, each row chained to the one before by its hash.
create table activity_log (
  seq bigint primary key,
  id uuid not null unique default gen_random_uuid(),
  at timestamptz not null,
  event text not null,
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
create index activity_log_by_subject on activity_log (subject_id, seq);
create index activity_log_by_actor on activity_log (actor_id, seq);

-- What a row's hash covers: every column, as canonical JSON, and the hash before it.
create function activity_hash(r activity_log) returns bytea language sql stable as $$
  select sha256(r.prev_hash || convert_to(jsonb_build_array(
    r.seq, r.id, to_char(r.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), r.event, r.category, r.method,
    r.actor_id, r.actor_name, r.actor_email, r.impersonator_id, r.impersonator_email,
    r.subject_id, r.subject_name, r.subject_email, r.ip, r.user_agent, r.request_id, r.details)::text, 'UTF8'))
$$;

-- Takes the lock first and numbers the row under it: numbers drawn before the lock would break the chain.
-- Whatever the caller sent for seq, at and the hashes is overwritten.
create function chain_activity() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare last record;
begin
  perform pg_advisory_xact_lock(hashtext('activity_log'));
  select seq, hash into last from activity_log order by activity_log.seq desc limit 1;
  new.seq := coalesce(last.seq, 0) + 1;
  new.at := clock_timestamp();
  new.prev_hash := coalesce(last.hash, sha256('fieldkey'));
  new.hash := activity_hash(new);
  return new;
end $$;
create trigger chain_activity before insert on activity_log for each row execute function chain_activity();

create function refuse_rewriting() returns trigger language plpgsql as $$
begin
  raise exception 'The activity log can only be added to';
end $$;
create trigger never_changed before update or delete on activity_log for each row execute function refuse_rewriting();
create trigger never_emptied before truncate on activity_log for each statement execute function refuse_rewriting();
