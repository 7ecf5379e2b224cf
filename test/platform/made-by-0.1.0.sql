SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE SCHEMA graphile_worker;

CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA public;

COMMENT ON EXTENSION btree_gin IS 'support for indexing common datatypes in GIN';

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

CREATE TYPE graphile_worker.job_spec AS (
	identifier text,
	payload json,
	queue_name text,
	run_at timestamp with time zone,
	max_attempts smallint,
	job_key text,
	priority smallint,
	flags text[]
);

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE graphile_worker._private_jobs (
    id bigint NOT NULL,
    job_queue_id integer,
    task_id integer NOT NULL,
    payload json DEFAULT '{}'::json NOT NULL,
    priority smallint DEFAULT 0 NOT NULL,
    run_at timestamp with time zone DEFAULT now() NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    max_attempts smallint DEFAULT 25 NOT NULL,
    last_error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    key text,
    locked_at timestamp with time zone,
    locked_by text,
    revision integer DEFAULT 0 NOT NULL,
    flags jsonb,
    is_available boolean GENERATED ALWAYS AS (((locked_at IS NULL) AND (attempts < max_attempts))) STORED NOT NULL,
    CONSTRAINT jobs_key_check CHECK (((length(key) > 0) AND (length(key) <= 512))),
    CONSTRAINT jobs_max_attempts_check CHECK ((max_attempts >= 1))
);

CREATE FUNCTION graphile_worker.add_job(identifier text, payload json DEFAULT NULL::json, queue_name text DEFAULT NULL::text, run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, max_attempts integer DEFAULT NULL::integer, job_key text DEFAULT NULL::text, priority integer DEFAULT NULL::integer, flags text[] DEFAULT NULL::text[], job_key_mode text DEFAULT 'replace'::text) RETURNS graphile_worker._private_jobs
    LANGUAGE plpgsql
    AS $$
declare
  v_job "graphile_worker"._private_jobs;
begin
  if (job_key is null or job_key_mode is null or job_key_mode in ('replace', 'preserve_run_at')) then
    select * into v_job
    from "graphile_worker".add_jobs(
      ARRAY[(
        identifier,
        payload,
        queue_name,
        run_at,
        max_attempts::smallint,
        job_key,
        priority::smallint,
        flags
      )::"graphile_worker".job_spec],
      (job_key_mode = 'preserve_run_at')
    )
    limit 1;
    return v_job;
  elsif job_key_mode = 'unsafe_dedupe' then
    -- Ensure all the tasks exist
    insert into "graphile_worker"._private_tasks as tasks (identifier)
    values (add_job.identifier)
    on conflict do nothing;
    -- Ensure all the queues exist
    if add_job.queue_name is not null then
      insert into "graphile_worker"._private_job_queues as job_queues (queue_name)
      values (add_job.queue_name)
      on conflict do nothing;
    end if;
    -- Insert job, but if one already exists then do nothing, even if the
    -- existing job has already started (and thus represents an out-of-date
    -- world state). This is dangerous because it means that whatever state
    -- change triggered this add_job may not be acted upon (since it happened
    -- after the existing job started executing, but no further job is being
    -- scheduled), but it is useful in very rare circumstances for
    -- de-duplication. If in doubt, DO NOT USE THIS.
    insert into "graphile_worker"._private_jobs as jobs (
      job_queue_id,
      task_id,
      payload,
      run_at,
      max_attempts,
      key,
      priority,
      flags
    )
      select
        job_queues.id,
        tasks.id,
        coalesce(add_job.payload, '{}'::json),
        coalesce(add_job.run_at, now()),
        coalesce(add_job.max_attempts::smallint, 25::smallint),
        add_job.job_key,
        coalesce(add_job.priority::smallint, 0::smallint),
        (
          select jsonb_object_agg(flag, true)
          from unnest(add_job.flags) as item(flag)
        )
      from "graphile_worker"._private_tasks as tasks
      left join "graphile_worker"._private_job_queues as job_queues
      on job_queues.queue_name = add_job.queue_name
      where tasks.identifier = add_job.identifier
    on conflict (key)
      -- Bump the updated_at so that there's something to return
      do update set
        revision = jobs.revision + 1,
        updated_at = now()
      returning *
      into v_job;
    if v_job.revision = 0 then
      perform pg_notify('jobs:insert', '{"r":' || random()::text || ',"count":1}');
    end if;
    return v_job;
  else
    raise exception 'Invalid job_key_mode value, expected ''replace'', ''preserve_run_at'' or ''unsafe_dedupe''.' using errcode = 'GWBKM';
  end if;
end;
$$;

CREATE FUNCTION graphile_worker.add_jobs(specs graphile_worker.job_spec[], job_key_preserve_run_at boolean DEFAULT false) RETURNS SETOF graphile_worker._private_jobs
    LANGUAGE plpgsql
    AS $$
begin
  -- Ensure all the tasks exist
  insert into "graphile_worker"._private_tasks as tasks (identifier)
  select distinct spec.identifier
  from unnest(specs) spec
  on conflict do nothing;
  -- Ensure all the queues exist
  insert into "graphile_worker"._private_job_queues as job_queues (queue_name)
  select distinct spec.queue_name
  from unnest(specs) spec
  where spec.queue_name is not null
  on conflict do nothing;
  -- Ensure any locked jobs have their key cleared - in the case of locked
  -- existing job create a new job instead as it must have already started
  -- executing (i.e. it's world state is out of date, and the fact add_job
  -- has been called again implies there's new information that needs to be
  -- acted upon).
  update "graphile_worker"._private_jobs as jobs
  set
    key = null,
    attempts = jobs.max_attempts,
    updated_at = now()
  from unnest(specs) spec
  where spec.job_key is not null
  and jobs.key = spec.job_key
  and is_available is not true;

  -- WARNING: this count is not 100% accurate; 'on conflict' clause will cause it to be an overestimate
  perform pg_notify('jobs:insert', '{"r":' || random()::text || ',"count":' || array_length(specs, 1)::text || '}');

  -- TODO: is there a risk that a conflict could occur depending on the
  -- isolation level?
  return query insert into "graphile_worker"._private_jobs as jobs (
    job_queue_id,
    task_id,
    payload,
    run_at,
    max_attempts,
    key,
    priority,
    flags
  )
    select
      job_queues.id,
      tasks.id,
      coalesce(spec.payload, '{}'::json),
      coalesce(spec.run_at, now()),
      coalesce(spec.max_attempts, 25),
      spec.job_key,
      coalesce(spec.priority, 0),
      (
        select jsonb_object_agg(flag, true)
        from unnest(spec.flags) as item(flag)
      )
    from unnest(specs) spec
    inner join "graphile_worker"._private_tasks as tasks
    on tasks.identifier = spec.identifier
    left join "graphile_worker"._private_job_queues as job_queues
    on job_queues.queue_name = spec.queue_name
  on conflict (key) do update set
    job_queue_id = excluded.job_queue_id,
    task_id = excluded.task_id,
    payload =
      case
      when json_typeof(jobs.payload) = 'array' and json_typeof(excluded.payload) = 'array' then
        (jobs.payload::jsonb || excluded.payload::jsonb)::json
      else
        excluded.payload
      end,
    max_attempts = excluded.max_attempts,
    run_at = (case
      when job_key_preserve_run_at is true and jobs.attempts = 0 then jobs.run_at
      else excluded.run_at
    end),
    priority = excluded.priority,
    revision = jobs.revision + 1,
    flags = excluded.flags,
    -- always reset error/retry state
    attempts = 0,
    last_error = null,
    updated_at = now()
  where jobs.locked_at is null
  returning *;
end;
$$;

CREATE FUNCTION graphile_worker.complete_jobs(job_ids bigint[]) RETURNS SETOF graphile_worker._private_jobs
    LANGUAGE sql
    AS $$
  delete from "graphile_worker"._private_jobs as jobs
    where id = any(job_ids)
    and (
      locked_at is null
    or
      locked_at < now() - interval '4 hours'
    )
    returning *;
$$;

CREATE FUNCTION graphile_worker.force_unlock_workers(worker_ids text[]) RETURNS void
    LANGUAGE sql
    AS $$
update "graphile_worker"._private_jobs as jobs
set locked_at = null, locked_by = null
where locked_by = any(worker_ids);
update "graphile_worker"._private_job_queues as job_queues
set locked_at = null, locked_by = null
where locked_by = any(worker_ids);
$$;

CREATE FUNCTION graphile_worker.permanently_fail_jobs(job_ids bigint[], error_message text DEFAULT NULL::text) RETURNS SETOF graphile_worker._private_jobs
    LANGUAGE sql
    AS $$
  update "graphile_worker"._private_jobs as jobs
    set
      last_error = coalesce(error_message, 'Manually marked as failed'),
      attempts = max_attempts,
      updated_at = now()
    where id = any(job_ids)
    and (
      locked_at is null
    or
      locked_at < NOW() - interval '4 hours'
    )
    returning *;
$$;

CREATE FUNCTION graphile_worker.remove_job(job_key text) RETURNS graphile_worker._private_jobs
    LANGUAGE plpgsql STRICT
    AS $$
declare
  v_job "graphile_worker"._private_jobs;
begin
  -- Delete job if not locked
  delete from "graphile_worker"._private_jobs as jobs
    where key = job_key
    and (
      locked_at is null
    or
      locked_at < NOW() - interval '4 hours'
    )
  returning * into v_job;
  if not (v_job is null) then
    perform pg_notify('jobs:insert', '{"r":' || random()::text || ',"count":-1}');
    return v_job;
  end if;
  -- Otherwise prevent job from retrying, and clear the key
  update "graphile_worker"._private_jobs as jobs
  set
    key = null,
    attempts = jobs.max_attempts,
    updated_at = now()
  where key = job_key
  returning * into v_job;
  return v_job;
end;
$$;

CREATE FUNCTION graphile_worker.reschedule_jobs(job_ids bigint[], run_at timestamp with time zone DEFAULT NULL::timestamp with time zone, priority integer DEFAULT NULL::integer, attempts integer DEFAULT NULL::integer, max_attempts integer DEFAULT NULL::integer) RETURNS SETOF graphile_worker._private_jobs
    LANGUAGE sql
    AS $$
  update "graphile_worker"._private_jobs as jobs
    set
      run_at = coalesce(reschedule_jobs.run_at, jobs.run_at),
      priority = coalesce(reschedule_jobs.priority::smallint, jobs.priority),
      attempts = coalesce(reschedule_jobs.attempts::smallint, jobs.attempts),
      max_attempts = coalesce(reschedule_jobs.max_attempts::smallint, jobs.max_attempts),
      updated_at = now()
    where id = any(job_ids)
    and (
      locked_at is null
    or
      locked_at < NOW() - interval '4 hours'
    )
    returning *;
$$;

CREATE FUNCTION public.is_activity_event(event text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
begin
  return event = any ('{
    password_change, password_reset_requested, password_reset_sent, sign_in, sign_in_failed, sign_in_throttled, sign_out,
    sessions_ended, impersonation_started, impersonation_ended, email_verification_sent, email_verified,
    temporary_password_expired, password_expired, role_changed, permissions_changed, policy_changed, user_blocked,
    user_unblocked, activity_exported, user_created, user_imported, user_updated, user_activated, user_deactivated,
    campaign_started, campaign_finished, canned_response_changed, automation_run, password_expiry_reminder_sent,
    mail_failed}');
end $$;

CREATE TABLE public.activity_log (
    seq bigint NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    at timestamp with time zone NOT NULL,
    event text NOT NULL,
    category text NOT NULL,
    method text,
    actor_id uuid,
    actor_name text,
    actor_email text,
    impersonator_id uuid,
    impersonator_email text,
    subject_id uuid,
    subject_name text,
    subject_email text,
    ip text,
    user_agent text,
    request_id text,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT activity_log_category_check CHECK ((category = ANY (ARRAY['security'::text, 'account'::text, 'system'::text]))),
    CONSTRAINT activity_log_event CHECK (public.is_activity_event(event))
);

CREATE FUNCTION public.activity_hash(r public.activity_log) RETURNS bytea
    LANGUAGE sql STABLE
    AS $$
  select sha256(r.prev_hash || convert_to(jsonb_build_array(
    r.seq, r.id, to_char(r.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), r.event, r.category, r.method,
    r.actor_id, r.actor_name, r.actor_email, r.impersonator_id, r.impersonator_email,
    r.subject_id, r.subject_name, r.subject_email, r.ip, r.user_agent, r.request_id, r.details)::text, 'UTF8'))
$$;

CREATE FUNCTION public.activity_text(actor_name text, actor_email text, subject_name text, subject_email text, impersonator_email text, details jsonb, request_id text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
  select translate(lower(
    coalesce(actor_name, '') || ' ' || coalesce(actor_email, '') || ' ' ||
    case when subject_email is distinct from actor_email
      then coalesce(subject_name, '') || ' ' || coalesce(subject_email, '') || ' ' else '' end ||
    coalesce(impersonator_email, '') || ' ' ||
    case when details = '{}' then '' else jsonb_path_query_array(details, '$.*')::text end || ' ' ||
    coalesce(request_id, '')), '[]{}",\', '')
$_$;

CREATE FUNCTION public.chain_activity() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
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

CREATE FUNCTION public.count_campaign_people() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
  analyze campaign_people;
end $$;

CREATE FUNCTION public.csv_cell(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select case when value ~ '^([\s\u00a0\ufeff]*[-=+@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])' then '''' || value else value end
$$;

CREATE FUNCTION public.end_sessions_of_the_shut_out() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  update sessions set ended_at = now() where user_id = new.id and ended_at is null;
  return null;
end $$;

CREATE FUNCTION public.keep_an_owner() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare owner uuid := (select id from roles where built_in and name = 'Owner');
begin
  if old.role_id = owner and old.status = 'active'
     and (tg_op = 'DELETE' or new.role_id <> owner or new.status <> 'active') then
    perform pg_advisory_xact_lock(hashtext('keep_an_owner'));
    if not exists (select from users where role_id = owner and status = 'active') then
      raise exception 'There must be at least one active Owner' using errcode = 'check_violation', constraint = 'keep_an_owner';
    end if;
  end if;
  return null;
end $$;

CREATE FUNCTION public.mailbox(email text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select regexp_replace(email, '\+[^@]*@', '@')
$$;

CREATE FUNCTION public.move_epoch() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  new.auth_epoch := greatest(new.auth_epoch, old.auth_epoch + 1);
  return new;
end $$;

CREATE FUNCTION public.note_campaign_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  update campaign_people set changed_at = now(), due_at = null
  where user_id = new.id and changed_at is null and excused is null;
  return null;
end $$;

CREATE FUNCTION public.refuse_change_of_built_in_role() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception 'A built-in role cannot be changed' using errcode = 'check_violation', constraint = 'built_in_role';
end $$;

CREATE FUNCTION public.refuse_made_up_removal() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if not pg_has_role(current_user, (select relowner from pg_class where oid = tg_relid), 'usage') then
    raise exception 'Only the removal of old months records one' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

CREATE FUNCTION public.refuse_rewriting() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if tg_op = 'DELETE' and old.at < now() - interval '13 months'
     and current_setting('fieldkey.removing_activity', true) = 'yes' then
    return old;
  end if;
  raise exception 'The activity log can only be added to';
end $$;

CREATE FUNCTION public.remove_oldest_activity_month() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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

CREATE TABLE graphile_worker._private_job_queues (
    id integer NOT NULL,
    queue_name text NOT NULL,
    locked_at timestamp with time zone,
    locked_by text,
    is_available boolean GENERATED ALWAYS AS ((locked_at IS NULL)) STORED NOT NULL,
    CONSTRAINT job_queues_queue_name_check CHECK ((length(queue_name) <= 128))
);

CREATE TABLE graphile_worker._private_known_crontabs (
    identifier text NOT NULL,
    known_since timestamp with time zone NOT NULL,
    last_execution timestamp with time zone
);

CREATE TABLE graphile_worker._private_tasks (
    id integer NOT NULL,
    identifier text NOT NULL,
    CONSTRAINT tasks_identifier_check CHECK ((length(identifier) <= 128))
);

ALTER TABLE graphile_worker._private_job_queues ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME graphile_worker.job_queues_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW graphile_worker.jobs AS
 SELECT jobs.id,
    job_queues.queue_name,
    tasks.identifier AS task_identifier,
    jobs.priority,
    jobs.run_at,
    jobs.attempts,
    jobs.max_attempts,
    jobs.last_error,
    jobs.created_at,
    jobs.updated_at,
    jobs.key,
    jobs.locked_at,
    jobs.locked_by,
    jobs.revision,
    jobs.flags
   FROM ((graphile_worker._private_jobs jobs
     JOIN graphile_worker._private_tasks tasks ON ((tasks.id = jobs.task_id)))
     LEFT JOIN graphile_worker._private_job_queues job_queues ON ((job_queues.id = jobs.job_queue_id)));

ALTER TABLE graphile_worker._private_jobs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME graphile_worker.jobs_id_seq1
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE graphile_worker.migrations (
    id integer NOT NULL,
    ts timestamp with time zone DEFAULT now() NOT NULL,
    breaking boolean DEFAULT false NOT NULL
);

ALTER TABLE graphile_worker._private_tasks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME graphile_worker.tasks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.activity_checks (
    checked_at timestamp with time zone DEFAULT now() NOT NULL,
    entries bigint NOT NULL,
    head_seq bigint NOT NULL,
    head_hash bytea,
    fault text
);

CREATE TABLE public.automation_deeds (
    automation text NOT NULL,
    user_id uuid NOT NULL,
    occasion text NOT NULL,
    run_id uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.automation_exemptions (
    automation text NOT NULL,
    user_id uuid NOT NULL
);

CREATE TABLE public.automation_runs (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    automation text NOT NULL,
    turn timestamp with time zone,
    acts_for uuid NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    people integer DEFAULT 0 NOT NULL,
    left_over integer,
    error text
);

CREATE TABLE public.automations (
    key text NOT NULL,
    switched_on boolean DEFAULT false NOT NULL,
    switched_at timestamp with time zone,
    switched_by uuid,
    reason text,
    acts_for uuid,
    stopped_because text,
    every text NOT NULL,
    run_at time without time zone DEFAULT '07:00:00'::time without time zone NOT NULL,
    people_a_day integer NOT NULL,
    role_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    team_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    days integer,
    grace_hours integer,
    days_ahead integer[],
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT automations_check CHECK (((NOT switched_on) OR ((switched_at IS NOT NULL) AND (switched_by IS NOT NULL) AND (acts_for IS NOT NULL) AND (reason IS NOT NULL)))),
    CONSTRAINT automations_days_ahead_check CHECK (((cardinality(days_ahead) >= 1) AND (cardinality(days_ahead) <= 5))),
    CONSTRAINT automations_days_check CHECK (((days >= 30) AND (days <= 1095))),
    CONSTRAINT automations_every_check CHECK ((every = ANY (ARRAY['hour'::text, 'day'::text, 'weekday'::text]))),
    CONSTRAINT automations_grace_hours_check CHECK (((grace_hours >= 1) AND (grace_hours <= 72))),
    CONSTRAINT automations_people_a_day_check CHECK (((people_a_day >= 1) AND (people_a_day <= 10000))),
    CONSTRAINT automations_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 300)))
);

CREATE TABLE public.campaign_choices (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    chosen_by uuid NOT NULL,
    chosen_at timestamp with time zone DEFAULT now() NOT NULL,
    user_ids uuid[] NOT NULL
);

CREATE TABLE public.campaign_people (
    campaign_id uuid NOT NULL,
    user_id uuid NOT NULL,
    excused text,
    due_at timestamp with time zone,
    reminder boolean DEFAULT false NOT NULL,
    claimed_by bigint,
    tries integer DEFAULT 0 NOT NULL,
    letter_id uuid,
    link_id uuid,
    sent_at timestamp with time zone,
    failed_at timestamp with time zone,
    answer text,
    opened_at timestamp with time zone,
    renewed_at timestamp with time zone,
    reminded_at timestamp with time zone,
    changed_at timestamp with time zone,
    state text GENERATED ALWAYS AS (
CASE
    WHEN (excused IS NOT NULL) THEN 'excused'::text
    WHEN (changed_at IS NOT NULL) THEN 'changed'::text
    WHEN (opened_at IS NOT NULL) THEN 'opened'::text
    WHEN (sent_at IS NOT NULL) THEN 'sent'::text
    WHEN (failed_at IS NOT NULL) THEN 'failed'::text
    ELSE 'queued'::text
END) STORED NOT NULL,
    CONSTRAINT campaign_people_check CHECK (((excused IS NULL) OR (due_at IS NULL))),
    CONSTRAINT campaign_people_excused_check CHECK ((excused = ANY (ARRAY['blocked'::text, 'inactive'::text, 'invited'::text, 'no_address'::text, 'shared_address'::text, 'bouncing'::text, 'out_of_reach'::text, 'cancelled'::text])))
);

CREATE TABLE public.campaigns (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    started_by uuid NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    acts_for uuid NOT NULL,
    status text DEFAULT 'running'::text NOT NULL,
    status_at timestamp with time zone DEFAULT now() NOT NULL,
    paused_because text,
    letters_per_second integer DEFAULT 5 NOT NULL,
    paced_to timestamp with time zone DEFAULT now() NOT NULL,
    held_until timestamp with time zone,
    holds integer DEFAULT 0 NOT NULL,
    held_because text,
    reminded_at timestamp with time zone,
    CONSTRAINT campaigns_letters_per_second_check CHECK (((letters_per_second >= 1) AND (letters_per_second <= 1000))),
    CONSTRAINT campaigns_status_check CHECK ((status = ANY (ARRAY['running'::text, 'paused'::text, 'finished'::text, 'cancelled'::text])))
);

CREATE TABLE public.canned_responses (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    original jsonb,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT canned_responses_body_check CHECK ((((length(body) >= 1) AND (length(body) <= 2500)) AND (strpos(body, '{reset_link}'::text) > 0))),
    CONSTRAINT canned_responses_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80))),
    CONSTRAINT canned_responses_subject_check CHECK ((((length(subject) >= 1) AND (length(subject) <= 150)) AND (subject !~ '[\r\n]'::text)))
);

CREATE TABLE public.company (
    only_row boolean DEFAULT true NOT NULL,
    name text,
    time_zone text DEFAULT 'UTC'::text NOT NULL,
    password_min_length integer DEFAULT 12 NOT NULL,
    lasting_passwords_allowed boolean DEFAULT true NOT NULL,
    temporary_password_hours integer DEFAULT 24 NOT NULL,
    remember_days integer DEFAULT 30 NOT NULL,
    context_words text[] DEFAULT '{}'::text[] NOT NULL,
    activity_retention_months integer,
    session_idle_minutes integer DEFAULT 60 NOT NULL,
    session_hours integer DEFAULT 12 NOT NULL,
    policy_version integer DEFAULT 1 NOT NULL,
    CONSTRAINT company_activity_retention_months_check CHECK ((activity_retention_months >= 13)),
    CONSTRAINT company_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
    CONSTRAINT company_only_row_check CHECK (only_row),
    CONSTRAINT company_password_min_length_check CHECK (((password_min_length >= 12) AND (password_min_length <= 64))),
    CONSTRAINT company_remember_days_check CHECK (((remember_days >= 1) AND (remember_days <= 30))),
    CONSTRAINT company_session_hours_check CHECK (((session_hours >= 1) AND (session_hours <= 12))),
    CONSTRAINT company_session_idle_minutes_check CHECK (((session_idle_minutes >= 5) AND (session_idle_minutes <= 60))),
    CONSTRAINT company_temporary_password_hours_check CHECK (((temporary_password_hours >= 1) AND (temporary_password_hours <= 72)))
);

CREATE TABLE public.evidence_keys (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    fingerprint text NOT NULL,
    public_key bytea NOT NULL,
    sealed_private_key bytea,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    retired_at timestamp with time zone,
    CONSTRAINT evidence_keys_check CHECK ((retired_at >= made_at)),
    CONSTRAINT evidence_keys_fingerprint_check CHECK ((fingerprint ~ '^([0-9a-f]{4}-){15}[0-9a-f]{4}$'::text))
);

CREATE TABLE public.impersonations (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    session_id uuid NOT NULL,
    impersonator_id uuid NOT NULL,
    user_id uuid NOT NULL,
    reason text NOT NULL,
    impersonator_epoch integer NOT NULL,
    user_epoch integer NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    sessions_ended_at timestamp with time zone,
    ended_at timestamp with time zone,
    ended_because text,
    told_at timestamp with time zone,
    CONSTRAINT impersonations_check CHECK ((user_id <> impersonator_id)),
    CONSTRAINT impersonations_check1 CHECK ((ends_at <= (started_at + '01:00:00'::interval))),
    CONSTRAINT impersonations_check2 CHECK ((ended_at >= started_at)),
    CONSTRAINT impersonations_check3 CHECK (((ended_at IS NULL) = (ended_because IS NULL))),
    CONSTRAINT impersonations_check4 CHECK (((told_at IS NULL) OR (ended_at IS NOT NULL))),
    CONSTRAINT impersonations_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 300)))
);

CREATE TABLE public.import_rows (
    import_id uuid NOT NULL,
    line integer NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    phone text,
    team text NOT NULL,
    team_id uuid,
    problem text
);

CREATE TABLE public.imports (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    started_by uuid NOT NULL,
    file_name text NOT NULL,
    status text DEFAULT 'checked'::text NOT NULL,
    good integer NOT NULL,
    bad integer NOT NULL,
    done integer DEFAULT 0 NOT NULL,
    problem text,
    ip text,
    user_agent text,
    request_id text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    CONSTRAINT imports_bad_check CHECK ((bad >= 0)),
    CONSTRAINT imports_check CHECK (((done >= 0) AND (done <= good))),
    CONSTRAINT imports_file_name_check CHECK (((length(file_name) >= 1) AND (length(file_name) <= 200))),
    CONSTRAINT imports_good_check CHECK ((good >= 0)),
    CONSTRAINT imports_status_check CHECK ((status = ANY (ARRAY['checked'::text, 'queued'::text, 'done'::text, 'stopped'::text])))
);

CREATE TABLE public.known_devices (
    user_id uuid NOT NULL,
    device bytea NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT known_devices_device_check CHECK ((length(device) = 32))
);

CREATE TABLE public.letters (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    template text NOT NULL,
    user_id uuid,
    to_name text NOT NULL,
    to_address text NOT NULL,
    data jsonb NOT NULL,
    status text DEFAULT 'queued'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    sent_at timestamp with time zone,
    server_answer text,
    CONSTRAINT letters_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'sent'::text, 'failed'::text])))
);

CREATE TABLE public.links (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    purpose text NOT NULL,
    user_id uuid NOT NULL,
    email_at_issue text NOT NULL,
    auth_epoch_at_issue integer NOT NULL,
    nonce bytea NOT NULL,
    token_hash bytea,
    new_email text,
    leads_to text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    used_at timestamp with time zone,
    superseded_at timestamp with time zone,
    campaign_id uuid,
    CONSTRAINT links_new_email_check CHECK ((new_email = lower(new_email))),
    CONSTRAINT links_nonce_check CHECK ((length(nonce) = 32)),
    CONSTRAINT links_purpose_check CHECK ((purpose = ANY (ARRAY['reset'::text, 'verify'::text, 'email_change'::text, 'not_me'::text, 'invite'::text, 'campaign'::text]))),
    CONSTRAINT links_token_hash_check CHECK ((length(token_hash) = 32))
);

CREATE TABLE public.migrations (
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.password_failures (
    account bytea NOT NULL,
    failures integer NOT NULL,
    open_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone DEFAULT now() NOT NULL,
    device bytea DEFAULT '\x'::bytea NOT NULL
);

CREATE TABLE public.rate_limits (
    key text NOT NULL,
    points integer DEFAULT 0 NOT NULL,
    expire bigint
);

CREATE TABLE public.roles (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    scope text NOT NULL,
    permissions text[] NOT NULL,
    built_in boolean DEFAULT false NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT custom_roles_are_office CHECK ((built_in OR (kind = 'office'::text))),
    CONSTRAINT roles_kind_check CHECK ((kind = ANY (ARRAY['office'::text, 'fieldworker'::text]))),
    CONSTRAINT roles_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80))),
    CONSTRAINT roles_permissions_check CHECK ((permissions <@ ARRAY['users.view'::text, 'users.manage'::text, 'passwords.change'::text, 'users.impersonate'::text, 'activity.view'::text, 'activity.export'::text, 'campaigns.manage'::text, 'automations.manage'::text, 'roles.manage'::text, 'settings.manage'::text])),
    CONSTRAINT roles_scope_check CHECK ((scope = ANY (ARRAY['company'::text, 'team'::text])))
);

CREATE TABLE public.session_data (
    sid text NOT NULL,
    sess jsonb NOT NULL,
    expire timestamp with time zone NOT NULL
);

CREATE TABLE public.sessions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    remembered boolean NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    password_proven_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ip text,
    user_agent text
);

CREATE TABLE public.teams (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    CONSTRAINT teams_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80)))
);

CREATE TABLE public.users (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    phone text,
    role_id uuid NOT NULL,
    team_id uuid,
    status text DEFAULT 'invited'::text NOT NULL,
    status_changed_at timestamp with time zone DEFAULT now() NOT NULL,
    email_verified_at timestamp with time zone,
    password_hash text,
    password_changed_at timestamp with time zone,
    password_changed_by uuid,
    password_method text,
    temporary_password_expires_at timestamp with time zone,
    temporary_password_died_at timestamp with time zone,
    auth_epoch integer DEFAULT 0 NOT NULL,
    last_sign_in_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    search text GENERATED ALWAYS AS (lower(((((name || ' '::text) || email) || ' '::text) || COALESCE(phone, ''::text)))) STORED NOT NULL,
    password_expired_at timestamp with time zone,
    password_grace_until timestamp with time zone,
    retired_hashes text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT users_check CHECK (((temporary_password_died_at IS NULL) OR (temporary_password_expires_at IS NOT NULL))),
    CONSTRAINT users_check1 CHECK (((password_expired_at IS NULL) = (password_grace_until IS NULL))),
    CONSTRAINT users_email_check CHECK (((email = lower(email)) AND (email ~~ '%_@_%'::text))),
    CONSTRAINT users_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
    CONSTRAINT users_password_hash_check CHECK ((password_hash ~~ '$argon2id$%'::text)),
    CONSTRAINT users_password_method_check CHECK ((password_method = ANY (ARRAY['admin'::text, 'self'::text, 'mobile'::text, 'reset_link'::text, 'forced'::text, 'invitation'::text]))),
    CONSTRAINT users_phone_check CHECK (((length(phone) >= 3) AND (length(phone) <= 40))),
    CONSTRAINT users_retired_hashes_check CHECK ((cardinality(retired_hashes) <= 5)),
    CONSTRAINT users_status_check CHECK ((status = ANY (ARRAY['invited'::text, 'active'::text, 'inactive'::text, 'blocked'::text])))
);

INSERT INTO graphile_worker._private_jobs OVERRIDING SYSTEM VALUE VALUES (9, NULL, 5, '{"campaignId":"1d85a480-7215-4d8c-88d4-085f17d4738b","lane":"2"}', 0, '2026-11-30 23:15:24.984665+00', 1, 12, NULL, '2026-11-30 23:15:24.984665+00', '2026-11-30 23:15:24.984665+00', 'campaign 1d85a480-7215-4d8c-88d4-085f17d4738b 2', '2026-11-30 23:15:24.998317+00', 'pool-fdec727669b4068516', 0, NULL, DEFAULT);
INSERT INTO graphile_worker._private_jobs OVERRIDING SYSTEM VALUE VALUES (11, NULL, 11, '{"importId":"ed78225c-a0c5-4b13-b248-6434ac0d9a18"}', 0, '2026-11-30 23:15:25.935643+00', 0, 12, NULL, '2026-11-30 23:15:25.935643+00', '2026-11-30 23:15:25.935643+00', NULL, NULL, NULL, 0, NULL, DEFAULT);
INSERT INTO graphile_worker._private_jobs OVERRIDING SYSTEM VALUE VALUES (12, NULL, 2, '{"email":"ana.field@firm.test","ip":"127.0.0.1","userAgent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0","requestId":"CCF9B7A249"}', 0, '2026-11-30 23:15:25.959852+00', 0, 12, NULL, '2026-11-30 23:15:25.959852+00', '2026-11-30 23:15:25.959852+00', NULL, NULL, NULL, 0, NULL, DEFAULT);
INSERT INTO graphile_worker._private_jobs OVERRIDING SYSTEM VALUE VALUES (13, NULL, 1, '{"letterId":"ffaf9550-8ec8-4649-af6c-464b1dd6f41a"}', 0, '2026-11-30 23:15:26.008875+00', 0, 12, NULL, '2026-11-30 23:15:26.008875+00', '2026-11-30 23:15:26.008875+00', NULL, NULL, NULL, 0, NULL, DEFAULT);
INSERT INTO graphile_worker._private_jobs OVERRIDING SYSTEM VALUE VALUES (14, NULL, 3, '{}', 0, '2026-11-30 23:15:26.033446+00', 0, 25, NULL, '2026-11-30 23:15:26.033446+00', '2026-11-30 23:15:26.033446+00', 'bury_temporary_passwords', NULL, NULL, 0, NULL, DEFAULT);

INSERT INTO graphile_worker._private_known_crontabs VALUES ('forget_old_limits', '2026-11-30 23:15:23.924+00', NULL);
INSERT INTO graphile_worker._private_known_crontabs VALUES ('forget_old_imports', '2026-11-30 23:15:23.924+00', NULL);
INSERT INTO graphile_worker._private_known_crontabs VALUES ('bury_temporary_passwords', '2026-11-30 23:15:23.924+00', NULL);
INSERT INTO graphile_worker._private_known_crontabs VALUES ('close_impersonations', '2026-11-30 23:15:23.924+00', NULL);
INSERT INTO graphile_worker._private_known_crontabs VALUES ('tend_campaigns', '2026-11-30 23:15:23.924+00', NULL);
INSERT INTO graphile_worker._private_known_crontabs VALUES ('start_automations', '2026-11-30 23:15:23.924+00', NULL);
INSERT INTO graphile_worker._private_known_crontabs VALUES ('check_activity_log', '2026-11-30 23:15:23.924+00', NULL);
INSERT INTO graphile_worker._private_known_crontabs VALUES ('remove_old_activity', '2026-11-30 23:15:23.924+00', NULL);

INSERT INTO graphile_worker._private_tasks OVERRIDING SYSTEM VALUE VALUES (1, 'deliver_letter');
INSERT INTO graphile_worker._private_tasks OVERRIDING SYSTEM VALUE VALUES (2, 'answer_forgotten');
INSERT INTO graphile_worker._private_tasks OVERRIDING SYSTEM VALUE VALUES (3, 'bury_temporary_passwords');
INSERT INTO graphile_worker._private_tasks OVERRIDING SYSTEM VALUE VALUES (4, 'close_impersonations');
INSERT INTO graphile_worker._private_tasks OVERRIDING SYSTEM VALUE VALUES (5, 'send_campaign');
INSERT INTO graphile_worker._private_tasks OVERRIDING SYSTEM VALUE VALUES (6, 'tend_campaigns');
INSERT INTO graphile_worker._private_tasks OVERRIDING SYSTEM VALUE VALUES (7, 'start_automations');
INSERT INTO graphile_worker._private_tasks OVERRIDING SYSTEM VALUE VALUES (8, 'run_automation');
INSERT INTO graphile_worker._private_tasks OVERRIDING SYSTEM VALUE VALUES (9, 'check_activity_log');
INSERT INTO graphile_worker._private_tasks OVERRIDING SYSTEM VALUE VALUES (10, 'remove_old_activity');
INSERT INTO graphile_worker._private_tasks OVERRIDING SYSTEM VALUE VALUES (11, 'import_people');
INSERT INTO graphile_worker._private_tasks OVERRIDING SYSTEM VALUE VALUES (12, 'forget_old_imports');
INSERT INTO graphile_worker._private_tasks OVERRIDING SYSTEM VALUE VALUES (13, 'forget_old_limits');

INSERT INTO graphile_worker.migrations VALUES (1, '2026-11-30 23:15:23.550536+00', true);
INSERT INTO graphile_worker.migrations VALUES (2, '2026-11-30 23:15:23.596547+00', false);
INSERT INTO graphile_worker.migrations VALUES (3, '2026-11-30 23:15:23.600729+00', true);
INSERT INTO graphile_worker.migrations VALUES (4, '2026-11-30 23:15:23.602901+00', false);
INSERT INTO graphile_worker.migrations VALUES (5, '2026-11-30 23:15:23.608968+00', false);
INSERT INTO graphile_worker.migrations VALUES (6, '2026-11-30 23:15:23.610985+00', false);
INSERT INTO graphile_worker.migrations VALUES (7, '2026-11-30 23:15:23.613595+00', false);
INSERT INTO graphile_worker.migrations VALUES (8, '2026-11-30 23:15:23.615294+00', false);
INSERT INTO graphile_worker.migrations VALUES (9, '2026-11-30 23:15:23.620299+00', false);
INSERT INTO graphile_worker.migrations VALUES (10, '2026-11-30 23:15:23.62165+00', false);
INSERT INTO graphile_worker.migrations VALUES (11, '2026-11-30 23:15:23.622551+00', true);
INSERT INTO graphile_worker.migrations VALUES (12, '2026-11-30 23:15:23.68478+00', false);
INSERT INTO graphile_worker.migrations VALUES (13, '2026-11-30 23:15:23.686155+00', true);
INSERT INTO graphile_worker.migrations VALUES (14, '2026-11-30 23:15:23.687894+00', true);
INSERT INTO graphile_worker.migrations VALUES (15, '2026-11-30 23:15:23.692948+00', false);
INSERT INTO graphile_worker.migrations VALUES (16, '2026-11-30 23:15:23.694018+00', true);
INSERT INTO graphile_worker.migrations VALUES (17, '2026-11-30 23:15:23.696373+00', false);
INSERT INTO graphile_worker.migrations VALUES (18, '2026-11-30 23:15:23.698181+00', false);
INSERT INTO graphile_worker.migrations VALUES (19, '2026-11-30 23:15:23.700012+00', true);

INSERT INTO public.activity_checks VALUES ('2026-11-30 23:15:25.213518+00', 139, 139, '\xdd9a3c25a893f93a8a84f249f18a7c35f5e4f24062b541e5483cdf661fc08f9f', NULL);

INSERT INTO public.activity_log VALUES (1, '55c3d671-b033-4286-ae0a-2bfd199053d5', '2026-11-30 23:15:23.779593+00', 'policy_changed', 'security', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"after": "f096-1f8a-a590-d917-143c-8e14-37fc-6c3f-3905-9f23-9b34-afe1-596d-bfe9-0764-8ce2", "before": null, "setting": "evidence key"}', '\x11a792b42cc133e99cd7403076e46cbb0b6bb78767bf622188fff7fa8b749287', '\x58a2fac64db2daa7c83c06b95312af215a5e6f18264e7688330903803a2fa7df');
INSERT INTO public.activity_log VALUES (2, '87793eb0-6e1c-454a-a66f-7516a14ebd7f', '2026-11-30 23:15:23.780061+00', 'sign_in', 'security', NULL, 'b88dca75-b902-408c-90e1-3c16f0553f49', 'Ana Field', 'ana.field@firm.test', NULL, NULL, 'b88dca75-b902-408c-90e1-3c16f0553f49', 'Ana Field', 'ana.field@firm.test', '10.4.52.242', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '8BA9BA5C1E', '{"remembered": true}', '\x58a2fac64db2daa7c83c06b95312af215a5e6f18264e7688330903803a2fa7df', '\x3e4bf4650c3cb8380b975fc3ff24bea7c6c6809adae184e322d635585746fd3f');
INSERT INTO public.activity_log VALUES (3, '26a6f7ce-75d6-4c96-8339-460b1bf7fc84', '2026-11-30 23:15:23.780529+00', 'sign_in_failed', 'security', NULL, NULL, NULL, NULL, NULL, NULL, 'fe705552-1243-46ab-8bfc-f72e1d0db075', 'Ina Inactive', 'ina.inactive@firm.test', '198.51.100.1', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '0BE8E51F96', '{"reason": "The account is inactive"}', '\x3e4bf4650c3cb8380b975fc3ff24bea7c6c6809adae184e322d635585746fd3f', '\x2958e68775fdd594f4f9dac54a4fedaef9785827fc7328ff9f66eed26ce61d4d');
INSERT INTO public.activity_log VALUES (4, '86590fba-1da0-4855-9e98-ec7800bb0055', '2026-11-30 23:15:23.780997+00', 'sign_in', 'security', NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', NULL, NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', '10.14.29.69', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', 'DA8E0C0834', '{"remembered": false}', '\x2958e68775fdd594f4f9dac54a4fedaef9785827fc7328ff9f66eed26ce61d4d', '\x50ceb1f2decf963a3ffb7de11d30bf5d8d71fa6263acf3cdc8495f8157d31d32');
INSERT INTO public.activity_log VALUES (5, 'bfb7ca13-d36e-42c1-a05f-f7fe03573ff5', '2026-11-30 23:15:23.781465+00', 'password_change', 'security', 'reset_link', 'b88dca75-b902-408c-90e1-3c16f0553f49', 'Ana Field', 'ana.field@firm.test', NULL, NULL, 'b88dca75-b902-408c-90e1-3c16f0553f49', 'Ana Field', 'ana.field@firm.test', '10.3.88.159', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', 'CF390FDFCD', '{"temporary": false, "sessions_ended": 2}', '\x50ceb1f2decf963a3ffb7de11d30bf5d8d71fa6263acf3cdc8495f8157d31d32', '\xe1036fc70410dc36145736248d976aee387ad406b18f08680b48e792337e9abb');
INSERT INTO public.activity_log VALUES (6, '81deb3ac-4e20-4c15-aebe-44e511b210c2', '2026-11-30 23:15:23.781933+00', 'sign_in', 'security', NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '10.4.46.153', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '2A3FB7AFC2', '{"remembered": true}', '\xe1036fc70410dc36145736248d976aee387ad406b18f08680b48e792337e9abb', '\xb8ae1711dfdfb10c738e48521efcbfb556cb7c230a2743450c8be9c83f6064ad');
INSERT INTO public.activity_log VALUES (7, '66d09fca-fe00-4346-9d59-717c3f58f220', '2026-11-30 23:15:23.782401+00', 'sign_in', 'security', NULL, '2c2c99ad-c554-4af9-9b0e-990744f2eaa5', 'Otto Harbour', 'otto@firm.test', NULL, NULL, '2c2c99ad-c554-4af9-9b0e-990744f2eaa5', 'Otto Harbour', 'otto@firm.test', '10.5.80.126', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '5ACEB4C9C4', '{"remembered": false}', '\xb8ae1711dfdfb10c738e48521efcbfb556cb7c230a2743450c8be9c83f6064ad', '\x921478e7a634834792d2c543be345d5b9f840e90d624acd87726d7cd9830204a');
INSERT INTO public.activity_log VALUES (8, '60d187b9-8dc8-4596-a8e7-e92730a21ace', '2026-11-30 23:15:23.782869+00', 'sign_in', 'security', NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '10.5.80.214', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '8535A85E9F', '{"remembered": true}', '\x921478e7a634834792d2c543be345d5b9f840e90d624acd87726d7cd9830204a', '\x0c66a2e6728cd1443b1ca7416717593dc727f8150c0753d9d78659490a9746ba');
INSERT INTO public.activity_log VALUES (9, '2fddf930-fad7-4cf0-9880-5aac1394826d', '2026-11-30 23:15:23.783337+00', 'sign_in', 'security', NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', NULL, NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', '10.10.14.137', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', 'E95737BD0A', '{"remembered": false}', '\x0c66a2e6728cd1443b1ca7416717593dc727f8150c0753d9d78659490a9746ba', '\xf6ee2a4082ad36dc712f3aebc0d0a23dd5da79ed6a2434db975875a9aeb401a0');
INSERT INTO public.activity_log VALUES (10, '1e18117f-9645-4762-ac8e-7c93e78bc246', '2026-11-30 23:15:23.783805+00', 'mail_failed', 'system', NULL, NULL, NULL, NULL, NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '198.51.100.4', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '3624D79172', '{"answer": "550 5.1.1 No such mailbox", "template": "reset_link"}', '\xf6ee2a4082ad36dc712f3aebc0d0a23dd5da79ed6a2434db975875a9aeb401a0', '\x0c9669cd49f7733a85921f203bb10d6d2bac2cc4ca4f4da90c18c36cabac1dde');
INSERT INTO public.activity_log VALUES (11, '775af7c7-ab16-4680-b4f6-49021db2b336', '2026-11-30 23:15:23.784273+00', 'sign_in', 'security', NULL, '3470cf99-9c32-4e33-8a66-27b8e7429bd6', 'Bea Blocked', 'bea.blocked@firm.test', NULL, NULL, '3470cf99-9c32-4e33-8a66-27b8e7429bd6', 'Bea Blocked', 'bea.blocked@firm.test', '10.11.94.53', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '15B2935B12', '{"remembered": true}', '\x0c9669cd49f7733a85921f203bb10d6d2bac2cc4ca4f4da90c18c36cabac1dde', '\x4a0f335939d80ebfa8a06eaa96ca7db95bc2ec11c2a62504a1e523ccdfaee67d');
INSERT INTO public.activity_log VALUES (12, '256f4f5d-5660-4c75-b936-05e80294e6d6', '2026-11-30 23:15:23.784741+00', 'sign_in', 'security', NULL, 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', NULL, NULL, 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', '10.16.7.44', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '0FDEBF4B25', '{"remembered": false}', '\x4a0f335939d80ebfa8a06eaa96ca7db95bc2ec11c2a62504a1e523ccdfaee67d', '\x4c55ac3e67f88f908c5909b2a2a9d56e1ebe367418c8dfaa8e54c91857e85de7');
INSERT INTO public.activity_log VALUES (13, '5e85366e-6ed8-4e5a-aeb4-b2a2d95495aa', '2026-11-30 23:15:23.785209+00', 'sign_out', 'security', NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', NULL, NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', '10.3.90.62', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', 'A66B2C945D', '{}', '\x4c55ac3e67f88f908c5909b2a2a9d56e1ebe367418c8dfaa8e54c91857e85de7', '\xfa852ba810023fd494b2076e62b273e8cf36323d19efb6831f19a549aa40d9ca');
INSERT INTO public.activity_log VALUES (14, '70933117-a17b-448b-ac11-8e53db0d4823', '2026-11-30 23:15:23.785677+00', 'sign_in', 'security', NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '10.14.61.198', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', 'A5CF18CA91', '{"remembered": true}', '\xfa852ba810023fd494b2076e62b273e8cf36323d19efb6831f19a549aa40d9ca', '\x3c76ce94a7ee39c4766654b9d2e55c62e8e068783078e6af97dbb837b6ca9b3a');
INSERT INTO public.activity_log VALUES (15, '8e9de74f-0fc4-434e-96b9-260ccb26666c', '2026-11-30 23:15:23.786145+00', 'password_reset_requested', 'security', NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', NULL, NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', '10.14.21.170', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '0A81D35A39', '{}', '\x3c76ce94a7ee39c4766654b9d2e55c62e8e068783078e6af97dbb837b6ca9b3a', '\x399d8f1d1fb2a32761441eefd639052ce3e9028972f439b5c05770313635f9d1');
INSERT INTO public.activity_log VALUES (16, '9a4bd9bf-d98e-4aa3-9068-13aaa904cf9f', '2026-11-30 23:15:23.786613+00', 'sign_in', 'security', NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '10.18.99.177', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '1F6B4C1091', '{"remembered": true}', '\x399d8f1d1fb2a32761441eefd639052ce3e9028972f439b5c05770313635f9d1', '\xc9902c60554181674d455a48614675b87986e70f5ad5b96273160153e294192c');
INSERT INTO public.activity_log VALUES (17, '38d30a00-0ddb-46fa-8ab0-f91eb11253ee', '2026-11-30 23:15:23.787081+00', 'sign_in', 'security', NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', NULL, NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', '10.1.56.169', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '3C2736B407', '{"remembered": false}', '\xc9902c60554181674d455a48614675b87986e70f5ad5b96273160153e294192c', '\xd6f1587ca0506ef9d3c150d5f452d9b6f06e1b1eb502fe120ab7ec04f93b4101');
INSERT INTO public.activity_log VALUES (18, '1f08f7fb-9816-4298-9f25-f87af483a1d0', '2026-11-30 23:15:23.787549+00', 'sign_in', 'security', NULL, 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', NULL, NULL, 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', '10.1.12.221', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '02B6B9C38A', '{"remembered": false}', '\xd6f1587ca0506ef9d3c150d5f452d9b6f06e1b1eb502fe120ab7ec04f93b4101', '\x408fded922cf3a304812f23d35ef8beb7fc504e7746f1a7064afc8fb2378ef8c');
INSERT INTO public.activity_log VALUES (19, 'bc84ebd9-7340-47f9-8c3e-0dc52385d001', '2026-11-30 23:15:23.788017+00', 'mail_failed', 'system', NULL, NULL, NULL, NULL, NULL, NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', '198.51.100.2', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '393F7C4CF9', '{"answer": "550 5.1.1 No such mailbox", "template": "reset_link"}', '\x408fded922cf3a304812f23d35ef8beb7fc504e7746f1a7064afc8fb2378ef8c', '\x91af428dcd50b33d52c96ef37d95b810ac50e36c0906dbd666f357380e47fcdd');
INSERT INTO public.activity_log VALUES (20, 'a3ddfa71-21ab-43f8-b350-1b0ee6bf0330', '2026-11-30 23:15:23.788485+00', 'password_reset_requested', 'security', NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', NULL, NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', '10.4.4.78', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '0F88C8D691', '{}', '\x91af428dcd50b33d52c96ef37d95b810ac50e36c0906dbd666f357380e47fcdd', '\xee8a84bcd3ee3778572fd04ab0ad726dd96c46a7788c80057bb7bbc7d1d19741');
INSERT INTO public.activity_log VALUES (21, '5fc6f5d5-ace3-4454-9124-5e8d0d14c0c0', '2026-11-30 23:15:23.788953+00', 'sign_in', 'security', NULL, '825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', NULL, NULL, '825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', '10.13.43.177', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '3AE0671DA0', '{"remembered": false}', '\xee8a84bcd3ee3778572fd04ab0ad726dd96c46a7788c80057bb7bbc7d1d19741', '\x120e810c40b9cabf50c147279042795b5d5c7d0a5a947358dc5d31f852b3e9a9');
INSERT INTO public.activity_log VALUES (22, '948957ac-e7af-497e-8946-ee0c91f571a9', '2026-11-30 23:15:23.789421+00', 'sign_in', 'security', NULL, 'bad6ce7e-8df8-466f-b02c-d8e981d656dc', 'Aud Auditor', 'auditor@firm.test', NULL, NULL, 'bad6ce7e-8df8-466f-b02c-d8e981d656dc', 'Aud Auditor', 'auditor@firm.test', '10.9.73.58', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '1EFF21FBF2', '{"remembered": true}', '\x120e810c40b9cabf50c147279042795b5d5c7d0a5a947358dc5d31f852b3e9a9', '\x34ca461f60a391995d97c6323e279234f017dfb6df669eb2aa878437fcad136b');
INSERT INTO public.activity_log VALUES (23, '4f5dbc5c-6541-408c-9302-817291a57fab', '2026-11-30 23:15:23.789889+00', 'sign_in_failed', 'security', NULL, NULL, NULL, NULL, NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '198.51.100.3', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '3B4FC9544D', '{"reason": "Wrong password"}', '\x34ca461f60a391995d97c6323e279234f017dfb6df669eb2aa878437fcad136b', '\x8171db1fa18ff6f2abc8e2fd5830c52bb978d4ec8912b7395e2b155ab0de7fae');
INSERT INTO public.activity_log VALUES (24, '35097f96-9cea-4c41-8be6-c48e6fe6878a', '2026-11-30 23:15:23.790357+00', 'sign_in', 'security', NULL, 'b88dca75-b902-408c-90e1-3c16f0553f49', 'Ana Field', 'ana.field@firm.test', NULL, NULL, 'b88dca75-b902-408c-90e1-3c16f0553f49', 'Ana Field', 'ana.field@firm.test', '10.12.39.232', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '7B390D62AC', '{"remembered": true}', '\x8171db1fa18ff6f2abc8e2fd5830c52bb978d4ec8912b7395e2b155ab0de7fae', '\x00a2cd37b6ad420df15914bdf96ca9056acfa51b66e4468bb3229bb8e14b22bf');
INSERT INTO public.activity_log VALUES (25, '23788102-47f8-4347-a869-b28ac962c172', '2026-11-30 23:15:23.790825+00', 'password_change', 'security', 'mobile', 'fe705552-1243-46ab-8bfc-f72e1d0db075', 'Ina Inactive', 'ina.inactive@firm.test', NULL, NULL, 'fe705552-1243-46ab-8bfc-f72e1d0db075', 'Ina Inactive', 'ina.inactive@firm.test', '10.19.25.136', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '9835130013', '{"temporary": false, "sessions_ended": 1}', '\x00a2cd37b6ad420df15914bdf96ca9056acfa51b66e4468bb3229bb8e14b22bf', '\x9dea1e8a3fc302675818352dcc9af085eda19ce2c5310bd9b667fc431c3c4caa');
INSERT INTO public.activity_log VALUES (26, '4e023be6-0b54-4fb4-9fa2-76d128a413c7', '2026-11-30 23:15:23.791293+00', 'sign_in', 'security', NULL, 'fe705552-1243-46ab-8bfc-f72e1d0db075', 'Ina Inactive', 'ina.inactive@firm.test', NULL, NULL, 'fe705552-1243-46ab-8bfc-f72e1d0db075', 'Ina Inactive', 'ina.inactive@firm.test', '10.5.40.177', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', 'DB492AE20A', '{"remembered": true}', '\x9dea1e8a3fc302675818352dcc9af085eda19ce2c5310bd9b667fc431c3c4caa', '\xcaa27b181e5756096fb9ef9c82bb75e8c02442c25212363f6964604d792ea6df');
INSERT INTO public.activity_log VALUES (27, 'cbf89db6-d1a7-4458-b312-8ed553554410', '2026-11-30 23:15:23.791761+00', 'sign_in', 'security', NULL, 'fe705552-1243-46ab-8bfc-f72e1d0db075', 'Ina Inactive', 'ina.inactive@firm.test', NULL, NULL, 'fe705552-1243-46ab-8bfc-f72e1d0db075', 'Ina Inactive', 'ina.inactive@firm.test', '10.11.98.80', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', 'C2AB83097A', '{"remembered": false}', '\xcaa27b181e5756096fb9ef9c82bb75e8c02442c25212363f6964604d792ea6df', '\x67ccfa83b810a9b6499957e06c7e5b22d47a92008a1b744658a69cd5079b9565');
INSERT INTO public.activity_log VALUES (28, '8adc9664-a613-4a5f-8ce7-a45cc6559145', '2026-11-30 23:15:23.792229+00', 'sign_in_failed', 'security', NULL, NULL, NULL, NULL, NULL, NULL, 'fe705552-1243-46ab-8bfc-f72e1d0db075', 'Ina Inactive', 'ina.inactive@firm.test', '198.51.100.3', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '062866BA26', '{"reason": "Wrong password"}', '\x67ccfa83b810a9b6499957e06c7e5b22d47a92008a1b744658a69cd5079b9565', '\xe72ac0d7149bcb4b1fb03e9adb97735877d99048cc3915c97616b233cfc4f7ad');
INSERT INTO public.activity_log VALUES (29, 'f3b4be55-e3c5-49cf-956b-4a24e6739349', '2026-11-30 23:15:23.792697+00', 'sign_in', 'security', NULL, '3470cf99-9c32-4e33-8a66-27b8e7429bd6', 'Bea Blocked', 'bea.blocked@firm.test', NULL, NULL, '3470cf99-9c32-4e33-8a66-27b8e7429bd6', 'Bea Blocked', 'bea.blocked@firm.test', '10.14.37.222', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '4EE03FC478', '{"remembered": false}', '\xe72ac0d7149bcb4b1fb03e9adb97735877d99048cc3915c97616b233cfc4f7ad', '\x4149fe9595c698e1cb517c78e8d40af53ebc012ee431cb77ecd9bc178de635e3');
INSERT INTO public.activity_log VALUES (30, '61e08108-60e7-4794-bf99-f8ceeec08e61', '2026-11-30 23:15:23.793165+00', 'password_reset_requested', 'security', NULL, '2c2c99ad-c554-4af9-9b0e-990744f2eaa5', 'Otto Harbour', 'otto@firm.test', NULL, NULL, '2c2c99ad-c554-4af9-9b0e-990744f2eaa5', 'Otto Harbour', 'otto@firm.test', '10.11.70.176', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '70E1B32E6C', '{}', '\x4149fe9595c698e1cb517c78e8d40af53ebc012ee431cb77ecd9bc178de635e3', '\x21e0067d3a7851634c7651fa36d7d6e93f28c422485621a73008ce1b199b65be');
INSERT INTO public.activity_log VALUES (31, '1948819e-40bf-409d-9d9b-680ffa92255a', '2026-11-30 23:15:23.793633+00', 'password_change', 'security', 'admin', 'bad6ce7e-8df8-466f-b02c-d8e981d656dc', 'Aud Auditor', 'auditor@firm.test', NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '198.51.100.3', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '0A12B1DEE1', '{"temporary": true, "sessions_ended": 0}', '\x21e0067d3a7851634c7651fa36d7d6e93f28c422485621a73008ce1b199b65be', '\x73578b62c143cce37c113d994392f1d7df2980ba2223e1f7706ddb4e3fb66c70');
INSERT INTO public.activity_log VALUES (32, 'bf7a6867-5ee0-4960-912b-fb4f42087ae8', '2026-11-30 23:15:23.794101+00', 'sign_in', 'security', NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', NULL, NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', '10.15.25.175', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '7DF9DDD79F', '{"remembered": false}', '\x73578b62c143cce37c113d994392f1d7df2980ba2223e1f7706ddb4e3fb66c70', '\x8e2809ae85d181b9adc6ef826f0f357f33d246032db8ccea78426e0287beeae3');
INSERT INTO public.activity_log VALUES (33, '9e82b10e-bb07-4cd9-ad92-0a6e507ef365', '2026-11-30 23:15:23.794569+00', 'sign_in', 'security', NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', NULL, NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', '10.15.67.197', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', 'AD9F6030A5', '{"remembered": true}', '\x8e2809ae85d181b9adc6ef826f0f357f33d246032db8ccea78426e0287beeae3', '\x5eeec05b746ad24e3b4a1e662a70e5faa3aacfc03c5055530c6052e7caa2511f');
INSERT INTO public.activity_log VALUES (34, 'faa3d3ac-1be1-489f-a8fc-dcf91560980d', '2026-11-30 23:15:23.795037+00', 'sign_in', 'security', NULL, '825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', NULL, NULL, '825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', '10.15.4.159', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', 'CDE5A85133', '{"remembered": false}', '\x5eeec05b746ad24e3b4a1e662a70e5faa3aacfc03c5055530c6052e7caa2511f', '\x6a1cb44b6efef165fd5d2094ac2a936f62cc1e62977f1ec931bff644d3db19ed');
INSERT INTO public.activity_log VALUES (35, '11841962-d6e0-427e-a86b-48c85278bddc', '2026-11-30 23:15:23.795505+00', 'sign_out', 'security', NULL, '2c2c99ad-c554-4af9-9b0e-990744f2eaa5', 'Otto Harbour', 'otto@firm.test', NULL, NULL, '2c2c99ad-c554-4af9-9b0e-990744f2eaa5', 'Otto Harbour', 'otto@firm.test', '10.3.16.155', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '1EC05B451D', '{}', '\x6a1cb44b6efef165fd5d2094ac2a936f62cc1e62977f1ec931bff644d3db19ed', '\x6a11ddff9600c001947292440ff251d2dccaa405b6cb792b434a9d6be2ac0083');
INSERT INTO public.activity_log VALUES (36, '0afbec92-0d07-4124-8999-260c6b7bce62', '2026-11-30 23:15:23.795973+00', 'password_reset_sent', 'security', NULL, NULL, NULL, NULL, NULL, NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', '198.51.100.4', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', 'E154A02489', '{}', '\x6a11ddff9600c001947292440ff251d2dccaa405b6cb792b434a9d6be2ac0083', '\x626a46c8286b0e4feff0c558fd85a9812aaded0a9fa0d04e9bb0a5a47b1d90d4');
INSERT INTO public.activity_log VALUES (37, '1e92f6e2-c6e2-4787-a9a9-f2adfae84d66', '2026-11-30 23:15:23.796441+00', 'sign_in', 'security', NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', NULL, NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', '10.1.31.165', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '9180A5CD09', '{"remembered": false}', '\x626a46c8286b0e4feff0c558fd85a9812aaded0a9fa0d04e9bb0a5a47b1d90d4', '\x11fba88bd81a20c2ca5d13a15d03bdb6a59539e70117c904e8c2057d1bd7f9e9');
INSERT INTO public.activity_log VALUES (38, '2d2790e6-1f15-4309-bcaf-a8bf4dab8532', '2026-11-30 23:15:23.796909+00', 'sign_in', 'security', NULL, 'bad6ce7e-8df8-466f-b02c-d8e981d656dc', 'Aud Auditor', 'auditor@firm.test', NULL, NULL, 'bad6ce7e-8df8-466f-b02c-d8e981d656dc', 'Aud Auditor', 'auditor@firm.test', '10.15.0.2', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', 'E9C169EE02', '{"remembered": true}', '\x11fba88bd81a20c2ca5d13a15d03bdb6a59539e70117c904e8c2057d1bd7f9e9', '\x6bc8fd9ff7eb1024aad404916b373ec665f98f467a938caf513643e6ad557dd3');
INSERT INTO public.activity_log VALUES (39, '10d57273-ddef-4b5a-a572-5de05f346c4b', '2026-11-30 23:15:23.797377+00', 'sign_out', 'security', NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', NULL, NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', '10.8.64.49', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '2F91BBC1A4', '{}', '\x6bc8fd9ff7eb1024aad404916b373ec665f98f467a938caf513643e6ad557dd3', '\x896b2af59b6b0f0f3b32212300ebddfc5ef49c1ddcd0510adb56e2b3b71ebb36');
INSERT INTO public.activity_log VALUES (40, '3c8e43fe-4c15-4bad-a39b-678f88df6f88', '2026-11-30 23:15:23.797845+00', 'sign_in', 'security', NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', NULL, NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', '10.2.31.63', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '3CF596429B', '{"remembered": false}', '\x896b2af59b6b0f0f3b32212300ebddfc5ef49c1ddcd0510adb56e2b3b71ebb36', '\xb3221a410aee1e0adb48a94068e24fdf87ce4cf7cb72c5e2c2db57564f1c4bb0');
INSERT INTO public.activity_log VALUES (41, '030b82fc-3045-4e12-8283-9c9a709c116e', '2026-11-30 23:15:23.798313+00', 'sign_in', 'security', NULL, 'fe705552-1243-46ab-8bfc-f72e1d0db075', 'Ina Inactive', 'ina.inactive@firm.test', NULL, NULL, 'fe705552-1243-46ab-8bfc-f72e1d0db075', 'Ina Inactive', 'ina.inactive@firm.test', '10.17.43.50', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '8DD735AD4F', '{"remembered": false}', '\xb3221a410aee1e0adb48a94068e24fdf87ce4cf7cb72c5e2c2db57564f1c4bb0', '\x7979e612eed976bc4030aba19d98bca1871d28c21eb292a4bd3059a989453811');
INSERT INTO public.activity_log VALUES (42, 'a5dcc1cd-dbdf-4e92-8adf-b09069dc6b17', '2026-11-30 23:15:23.798781+00', 'sign_in', 'security', NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '10.5.18.131', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '9AF8F1E38C', '{"remembered": true}', '\x7979e612eed976bc4030aba19d98bca1871d28c21eb292a4bd3059a989453811', '\x2558253067109aa632e4ca523d9b19527fe0be08ce03f25310e96f3a5312e936');
INSERT INTO public.activity_log VALUES (43, 'a4b79aef-bdd9-4c1b-8734-bdf1a32c3ef3', '2026-11-30 23:15:23.799249+00', 'sign_in_failed', 'security', NULL, NULL, NULL, NULL, NULL, NULL, 'fe705552-1243-46ab-8bfc-f72e1d0db075', 'Ina Inactive', 'ina.inactive@firm.test', '198.51.100.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '20EA153693', '{"reason": "Wrong password"}', '\x2558253067109aa632e4ca523d9b19527fe0be08ce03f25310e96f3a5312e936', '\xa57342ba28cc463655d59803562f628791dd7bc9c43a050448b1c027cd635316');
INSERT INTO public.activity_log VALUES (44, '8ef7378b-045a-4c81-a668-d5257dfb192d', '2026-11-30 23:15:23.799717+00', 'sign_in', 'security', NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '10.4.65.7', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', 'B8EDBEBFF2', '{"remembered": false}', '\xa57342ba28cc463655d59803562f628791dd7bc9c43a050448b1c027cd635316', '\x33d72036b74ec8fb478873aa0e91c31ba714854c63972e266a62beeceadc24e7');
INSERT INTO public.activity_log VALUES (45, 'f24e13dc-5928-4d6a-8fba-15a0cf28a825', '2026-11-30 23:15:23.800185+00', 'sign_in', 'security', NULL, 'fe705552-1243-46ab-8bfc-f72e1d0db075', 'Ina Inactive', 'ina.inactive@firm.test', NULL, NULL, 'fe705552-1243-46ab-8bfc-f72e1d0db075', 'Ina Inactive', 'ina.inactive@firm.test', '10.11.15.7', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '1802E42AA9', '{"remembered": false}', '\x33d72036b74ec8fb478873aa0e91c31ba714854c63972e266a62beeceadc24e7', '\xfb9cd91a799cafa12dfad398f044841049689756c731a4bea139fae93ae6c0b7');
INSERT INTO public.activity_log VALUES (46, '8c1a9337-5eb3-477d-9826-fa9e9bb84785', '2026-11-30 23:15:23.800653+00', 'sign_in', 'security', NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', NULL, NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', '10.8.77.17', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '24DCD5CB66', '{"remembered": false}', '\xfb9cd91a799cafa12dfad398f044841049689756c731a4bea139fae93ae6c0b7', '\xaeb06ba58a7884f21fc36221a0fb965b15aa912d10d6fe7ba4c08631b69a107e');
INSERT INTO public.activity_log VALUES (47, '43a7fbbe-4e89-45ad-917a-b15df5c5c52e', '2026-11-30 23:15:23.801121+00', 'password_change', 'security', 'self', 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', NULL, NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', '10.18.39.79', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', 'E3B651A303', '{"temporary": false, "sessions_ended": 1}', '\xaeb06ba58a7884f21fc36221a0fb965b15aa912d10d6fe7ba4c08631b69a107e', '\x676d59d06b4875cbe6ad27da2e9c50de97d20dc1a2155dcbc7fc599e9f153326');
INSERT INTO public.activity_log VALUES (48, 'b18ab033-7c51-4f2e-b60b-478a64091f3f', '2026-11-30 23:15:23.801589+00', 'sign_out', 'security', NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', NULL, NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', '10.14.22.181', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '42CE7DBFD5', '{}', '\x676d59d06b4875cbe6ad27da2e9c50de97d20dc1a2155dcbc7fc599e9f153326', '\x6ddb8432e107c438ac7a106e561ffbf82e199a9276ee77642c5dbd5a765b0ff5');
INSERT INTO public.activity_log VALUES (49, 'f2e3af55-f9b1-4254-9358-87cc81eb13cb', '2026-11-30 23:15:23.802057+00', 'sign_out', 'security', NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '10.0.18.56', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '2BA1A7E37E', '{}', '\x6ddb8432e107c438ac7a106e561ffbf82e199a9276ee77642c5dbd5a765b0ff5', '\x7d6e8e9abdc8bb6aaf3c67b3c6c43d083c2c7cdc8b6c7918499efcc36b9afc56');
INSERT INTO public.activity_log VALUES (50, '7840c83e-4b16-4a86-af2f-497ca1b663ee', '2026-11-30 23:15:23.802525+00', 'sign_out', 'security', NULL, 'fe705552-1243-46ab-8bfc-f72e1d0db075', 'Ina Inactive', 'ina.inactive@firm.test', NULL, NULL, 'fe705552-1243-46ab-8bfc-f72e1d0db075', 'Ina Inactive', 'ina.inactive@firm.test', '10.5.62.241', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '893944D966', '{}', '\x7d6e8e9abdc8bb6aaf3c67b3c6c43d083c2c7cdc8b6c7918499efcc36b9afc56', '\x786d1fde5688e9a350d44e270ba5b9ac9959b8f7323cbaf7ecf0c19b770a8485');
INSERT INTO public.activity_log VALUES (51, 'dc678750-dd93-4e30-96f5-52df846e6790', '2026-11-30 23:15:23.802993+00', 'sign_out', 'security', NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', NULL, NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', '10.15.35.208', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', 'D1AA87D3C7', '{}', '\x786d1fde5688e9a350d44e270ba5b9ac9959b8f7323cbaf7ecf0c19b770a8485', '\x5e892edf74070deca90e7fe4fcd4bfa43d18122d1da3a82929f538a86ae72835');
INSERT INTO public.activity_log VALUES (52, 'd4879e89-1bd2-4617-a63c-283c8c479a17', '2026-11-30 23:15:23.803461+00', 'password_change', 'security', 'mobile', '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', NULL, NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', '10.12.14.197', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '1AB0304399', '{"temporary": false, "sessions_ended": 2}', '\x5e892edf74070deca90e7fe4fcd4bfa43d18122d1da3a82929f538a86ae72835', '\x8129f268055cfdff4074d9ba2495a38b960eac1b90f5341243f8e4ba39ec8959');
INSERT INTO public.activity_log VALUES (53, 'b6879713-46f0-478c-9319-de1bc19e0e6f', '2026-11-30 23:15:23.803929+00', 'sign_in_failed', 'security', NULL, NULL, NULL, NULL, NULL, NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', '198.51.100.2', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '2A76305054', '{"reason": "Wrong password"}', '\x8129f268055cfdff4074d9ba2495a38b960eac1b90f5341243f8e4ba39ec8959', '\x18825ce3d4e8a9c985289200b7add7bd7376acefcf76b112d90ed591e3a10df7');
INSERT INTO public.activity_log VALUES (54, 'fc21287f-566a-43e9-8a07-eefd5c22d126', '2026-11-30 23:15:23.804397+00', 'sign_in', 'security', NULL, 'b88dca75-b902-408c-90e1-3c16f0553f49', 'Ana Field', 'ana.field@firm.test', NULL, NULL, 'b88dca75-b902-408c-90e1-3c16f0553f49', 'Ana Field', 'ana.field@firm.test', '10.13.50.62', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', 'B62F8D49D0', '{"remembered": true}', '\x18825ce3d4e8a9c985289200b7add7bd7376acefcf76b112d90ed591e3a10df7', '\x1ecdf99f8300f1b5f31e267404d8a34ae307b6c7622401e69647b2e3831698e8');
INSERT INTO public.activity_log VALUES (55, '8c720bc1-009d-4f98-b0b3-6e7919f64384', '2026-11-30 23:15:23.804865+00', 'sign_in', 'security', NULL, 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', NULL, NULL, 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', '10.14.52.199', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '9DB0D4B96E', '{"remembered": false}', '\x1ecdf99f8300f1b5f31e267404d8a34ae307b6c7622401e69647b2e3831698e8', '\x435a8798a2a2b766161650cde8cfc1ea480ed50924daefd0f6ee8dbe41c99a74');
INSERT INTO public.activity_log VALUES (56, '687d5e1b-1e6c-4b38-9418-ed47a6a514d4', '2026-11-30 23:15:23.805333+00', 'sign_in', 'security', NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '10.4.22.108', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '4B1E681ADF', '{"remembered": false}', '\x435a8798a2a2b766161650cde8cfc1ea480ed50924daefd0f6ee8dbe41c99a74', '\xc7d4a0660d0b5ceb12397024be0bd0af879df8252fc1f2fe31c9f201092d6fc4');
INSERT INTO public.activity_log VALUES (57, 'a79ba3f2-6d2d-4db8-834a-3af97fcbecd2', '2026-11-30 23:15:23.805801+00', 'sign_in', 'security', NULL, '825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', NULL, NULL, '825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', '10.15.65.177', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '1C5455F714', '{"remembered": true}', '\xc7d4a0660d0b5ceb12397024be0bd0af879df8252fc1f2fe31c9f201092d6fc4', '\xb1971b7df8d164e6bc62198360b6dcb0a2b3fd7f72e1a21b1c400eb5e4bf7347');
INSERT INTO public.activity_log VALUES (58, '49ec4e36-b89e-4a25-bdf4-6175d3e73ab8', '2026-11-30 23:15:23.806269+00', 'password_change', 'security', 'mobile', '825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', NULL, NULL, '825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', '10.5.23.58', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '148EEFCF66', '{"temporary": false, "sessions_ended": 2}', '\xb1971b7df8d164e6bc62198360b6dcb0a2b3fd7f72e1a21b1c400eb5e4bf7347', '\xd1ce16cd3052b1da37b04451288eb56eb20ead157978acbd49c5cda08f8317fd');
INSERT INTO public.activity_log VALUES (140, '68ce8a3b-b542-4778-8ab9-d96d6f1d1695', '2026-11-30 23:15:25.210467+00', 'password_reset_sent', 'security', NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', NULL, NULL, NULL, '{"campaign": "Reset your password", "campaign_id": "1d85a480-7215-4d8c-88d4-085f17d4738b"}', '\xdd9a3c25a893f93a8a84f249f18a7c35f5e4f24062b541e5483cdf661fc08f9f', '\x6e2a839428f93ab09e87743f800ee2624490110ba0371b7c64b76b43880c5281');
INSERT INTO public.activity_log VALUES (59, '81268cd9-5d35-42ff-910a-7ff4778e9c66', '2026-11-30 23:15:23.806737+00', 'password_reset_requested', 'security', NULL, 'b88dca75-b902-408c-90e1-3c16f0553f49', 'Ana Field', 'ana.field@firm.test', NULL, NULL, 'b88dca75-b902-408c-90e1-3c16f0553f49', 'Ana Field', 'ana.field@firm.test', '10.4.79.118', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '1C4369CA57', '{}', '\xd1ce16cd3052b1da37b04451288eb56eb20ead157978acbd49c5cda08f8317fd', '\x8081a143dbc8a25997bbce593f68fa3a8e27e6460ce47c3f06fc6b19b723b44e');
INSERT INTO public.activity_log VALUES (60, '6b0e49ad-846a-46ce-9872-c6f82b23856a', '2026-11-30 23:15:23.807205+00', 'sign_in', 'security', NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '10.11.21.180', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '1639074FB3', '{"remembered": false}', '\x8081a143dbc8a25997bbce593f68fa3a8e27e6460ce47c3f06fc6b19b723b44e', '\x128c3dd5417e5e34012fe5ebe18bf98b281f669588aa4cd770eb421bc02221f7');
INSERT INTO public.activity_log VALUES (61, '1b0a2f09-fea7-4c79-b92c-b521c208d540', '2026-11-30 23:15:23.807673+00', 'password_change', 'security', 'admin', 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', NULL, NULL, '2c2c99ad-c554-4af9-9b0e-990744f2eaa5', 'Otto Harbour', 'otto@firm.test', '198.51.100.4', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', 'BF4BFB935D', '{"temporary": true, "sessions_ended": 1}', '\x128c3dd5417e5e34012fe5ebe18bf98b281f669588aa4cd770eb421bc02221f7', '\xf28bacc8055c2522596bdfb5d03b73dfbddd529e474becc163b4679e79f7ff86');
INSERT INTO public.activity_log VALUES (62, 'df9f4aea-599f-4166-a577-e8c180f3201f', '2026-11-30 23:15:23.808141+00', 'sign_in', 'security', NULL, 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', NULL, NULL, 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', '10.12.52.124', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '0A9B25D806', '{"remembered": true}', '\xf28bacc8055c2522596bdfb5d03b73dfbddd529e474becc163b4679e79f7ff86', '\xd2da54c28be53ccae27a685e78a69717b540526f985cc7e999aa0ff78669999b');
INSERT INTO public.activity_log VALUES (63, '9a71b6a5-6415-4fb6-89a4-35c73847c1dc', '2026-11-30 23:15:23.808609+00', 'sign_in', 'security', NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '10.13.64.129', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '2B0C1B4102', '{"remembered": true}', '\xd2da54c28be53ccae27a685e78a69717b540526f985cc7e999aa0ff78669999b', '\x26091b98c877c95bd6963001f9a8b8ee0879043ce3594aadcf7268a0e0f7ef38');
INSERT INTO public.activity_log VALUES (64, 'ebf17c04-aad0-4f51-83da-a56daab2d0de', '2026-11-30 23:15:23.809077+00', 'sign_out', 'security', NULL, '2c2c99ad-c554-4af9-9b0e-990744f2eaa5', 'Otto Harbour', 'otto@firm.test', NULL, NULL, '2c2c99ad-c554-4af9-9b0e-990744f2eaa5', 'Otto Harbour', 'otto@firm.test', '10.9.1.23', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '9BB8D6428D', '{}', '\x26091b98c877c95bd6963001f9a8b8ee0879043ce3594aadcf7268a0e0f7ef38', '\xa60fb0faef8f96b83ba3995a6c935d3b2a3df3e387393f0f5905dee82fc56468');
INSERT INTO public.activity_log VALUES (65, '43321c77-5907-4a6f-8315-a3b1e56be3c3', '2026-11-30 23:15:23.809545+00', 'sign_in', 'security', NULL, '825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', NULL, NULL, '825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', '10.5.74.76', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '47A1C0BF9C', '{"remembered": true}', '\xa60fb0faef8f96b83ba3995a6c935d3b2a3df3e387393f0f5905dee82fc56468', '\x13652dd165cbf6fbe2be3ac7a47985160b9d4a5f492c404fed737989b860ca47');
INSERT INTO public.activity_log VALUES (66, '2245805d-dd99-44de-b9b9-d4f7ca5ed7b3', '2026-11-30 23:15:23.810013+00', 'password_change', 'security', 'reset_link', '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', NULL, NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', '10.2.99.163', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '290D44DBF9', '{"temporary": false, "sessions_ended": 0}', '\x13652dd165cbf6fbe2be3ac7a47985160b9d4a5f492c404fed737989b860ca47', '\x19a12cd0bb781614a57eb2276249dc53cd5e323a690064bbc6fbca8aaa13349a');
INSERT INTO public.activity_log VALUES (67, '979af98a-7eb9-4b64-a1ca-842944418097', '2026-11-30 23:15:23.810481+00', 'sign_in', 'security', NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', NULL, NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', '10.3.56.67', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '7BDF4B1EB9', '{"remembered": false}', '\x19a12cd0bb781614a57eb2276249dc53cd5e323a690064bbc6fbca8aaa13349a', '\x322852e01f0312fddb2668954b41b495b56ea2fe665b336770ebadddb55e609e');
INSERT INTO public.activity_log VALUES (68, '302e5749-3328-4df1-bcf6-e21b0cd230e7', '2026-11-30 23:15:23.810949+00', 'sign_in', 'security', NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', NULL, NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', '10.2.71.151', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '78A2DDB405', '{"remembered": false}', '\x322852e01f0312fddb2668954b41b495b56ea2fe665b336770ebadddb55e609e', '\x1b64a389783ed7acc8c9b6fb407c610f5aa100d500e66feaac1993ebe446d134');
INSERT INTO public.activity_log VALUES (69, '0b496ef7-067d-42e8-863d-c0f8c6b26a68', '2026-11-30 23:15:23.811417+00', 'sign_in', 'security', NULL, '3470cf99-9c32-4e33-8a66-27b8e7429bd6', 'Bea Blocked', 'bea.blocked@firm.test', NULL, NULL, '3470cf99-9c32-4e33-8a66-27b8e7429bd6', 'Bea Blocked', 'bea.blocked@firm.test', '10.16.25.199', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '178F5921A9', '{"remembered": false}', '\x1b64a389783ed7acc8c9b6fb407c610f5aa100d500e66feaac1993ebe446d134', '\x3ed70ec6af698a75f7c14a633d710b0863f943420868ba3da54588a0b09ed143');
INSERT INTO public.activity_log VALUES (70, '4a18bb4c-dab8-44e5-b92a-f5e8466831aa', '2026-11-30 23:15:23.811885+00', 'email_verified', 'security', NULL, 'fe705552-1243-46ab-8bfc-f72e1d0db075', 'Ina Inactive', 'ina.inactive@firm.test', NULL, NULL, 'fe705552-1243-46ab-8bfc-f72e1d0db075', 'Ina Inactive', 'ina.inactive@firm.test', '10.16.42.201', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '0F60223FB9', '{"email": "ina.inactive@firm.test"}', '\x3ed70ec6af698a75f7c14a633d710b0863f943420868ba3da54588a0b09ed143', '\x484d8c38591c27833cd14356fea608b04082c1aed14faac4e2fdca2774d1dd06');
INSERT INTO public.activity_log VALUES (71, '4b5928a2-7029-4c2d-b35f-2f10bad1763c', '2026-11-30 23:15:23.812353+00', 'sign_in', 'security', NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '10.9.69.67', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', 'DC340592FB', '{"remembered": true}', '\x484d8c38591c27833cd14356fea608b04082c1aed14faac4e2fdca2774d1dd06', '\x99b0f90ab9117c059661427bbafdb76ed82b9e13d6537497a75ba69248e1c5e5');
INSERT INTO public.activity_log VALUES (72, '5ac5947b-e46f-4e67-bd5d-e1c3357011ca', '2026-11-30 23:15:23.812821+00', 'sign_in', 'security', NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', NULL, NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', '10.12.60.19', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '397CC3302C', '{"remembered": false}', '\x99b0f90ab9117c059661427bbafdb76ed82b9e13d6537497a75ba69248e1c5e5', '\x6baf8902007017e199d2ddf9393b520ca176c1733cc70eb03f12ccb72a1c77fa');
INSERT INTO public.activity_log VALUES (73, '00e1046f-c1ad-4d84-8814-5dd53509f4f7', '2026-11-30 23:15:23.813289+00', 'sessions_ended', 'security', NULL, '825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', NULL, NULL, 'bad6ce7e-8df8-466f-b02c-d8e981d656dc', 'Aud Auditor', 'auditor@firm.test', '198.51.100.3', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '34445FB04A', '{"count": 2}', '\x6baf8902007017e199d2ddf9393b520ca176c1733cc70eb03f12ccb72a1c77fa', '\x9f240b10495b82efec152df4e52142bee14eefeccf3e414271532c32295f54f1');
INSERT INTO public.activity_log VALUES (74, 'eb51ff12-e6f3-43d0-8fcb-eeb074217f36', '2026-11-30 23:15:23.813757+00', 'sign_in_throttled', 'security', NULL, NULL, NULL, NULL, NULL, NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', '198.51.100.2', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '484AF01885', '{"reason": "5 wrong tries in a row"}', '\x9f240b10495b82efec152df4e52142bee14eefeccf3e414271532c32295f54f1', '\x81566b6eac714429c8d37e45174eb1bf45a3538e7e15a5a0af546b842bbb1130');
INSERT INTO public.activity_log VALUES (75, '97cce86f-f28a-4736-a894-b74a97b6f029', '2026-11-30 23:15:23.814225+00', 'sign_in_failed', 'security', NULL, NULL, NULL, NULL, NULL, NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', '198.51.100.1', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '4AA0BF763D', '{"reason": "Wrong password"}', '\x81566b6eac714429c8d37e45174eb1bf45a3538e7e15a5a0af546b842bbb1130', '\x9d8609d54d9e680ea8db4920df5a65d2e7a7bb9c3bf017c9da28baff8d5d6ca8');
INSERT INTO public.activity_log VALUES (76, 'aed54b30-e9ba-4687-a33a-091184b9a42b', '2026-11-30 23:15:23.814693+00', 'sign_in', 'security', NULL, 'bad6ce7e-8df8-466f-b02c-d8e981d656dc', 'Aud Auditor', 'auditor@firm.test', NULL, NULL, 'bad6ce7e-8df8-466f-b02c-d8e981d656dc', 'Aud Auditor', 'auditor@firm.test', '10.18.96.75', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '87086A7BE5', '{"remembered": true}', '\x9d8609d54d9e680ea8db4920df5a65d2e7a7bb9c3bf017c9da28baff8d5d6ca8', '\x4b2f369eaeaaf4a693ca6fb02c245d70349d8ed56f9cd6446a03424d1dc2131e');
INSERT INTO public.activity_log VALUES (77, '033b1c8d-a7f2-4b8d-983c-559435a1f25a', '2026-11-30 23:15:23.815161+00', 'sign_in', 'security', NULL, '825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', NULL, NULL, '825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', '10.0.14.98', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '377FA90372', '{"remembered": false}', '\x4b2f369eaeaaf4a693ca6fb02c245d70349d8ed56f9cd6446a03424d1dc2131e', '\xa1347336dc08c270313f662df0a4802d4effc4969af868377d0887b5f2e2a85d');
INSERT INTO public.activity_log VALUES (78, 'a2c49035-efc7-4bb8-b351-750729624136', '2026-11-30 23:15:23.815629+00', 'sign_in', 'security', NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', NULL, NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', '10.0.39.12', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '19F71D0D72', '{"remembered": false}', '\xa1347336dc08c270313f662df0a4802d4effc4969af868377d0887b5f2e2a85d', '\xf8c08b00c54099f31b21f84ab73bf84a97dfcbb0a2ec4635f952bbd56e4eacef');
INSERT INTO public.activity_log VALUES (79, '08affaba-6172-4ccc-b439-2648c70cdaa9', '2026-11-30 23:15:23.816097+00', 'sign_in', 'security', NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', NULL, NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', '10.5.67.48', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '970E5B3310', '{"remembered": true}', '\xf8c08b00c54099f31b21f84ab73bf84a97dfcbb0a2ec4635f952bbd56e4eacef', '\x55d7573814415f43f2ed709b9935ddf359611665b60bc83bab415503ff3790f4');
INSERT INTO public.activity_log VALUES (80, '8a483271-ff61-4f30-b84e-58246e7b2f28', '2026-11-30 23:15:23.816565+00', 'sign_in', 'security', NULL, 'b88dca75-b902-408c-90e1-3c16f0553f49', 'Ana Field', 'ana.field@firm.test', NULL, NULL, 'b88dca75-b902-408c-90e1-3c16f0553f49', 'Ana Field', 'ana.field@firm.test', '10.3.58.244', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '028639C5C8', '{"remembered": true}', '\x55d7573814415f43f2ed709b9935ddf359611665b60bc83bab415503ff3790f4', '\x724726a4a05a6d882f971a4e762966fab1b0eec5430b461073016bcf4014b262');
INSERT INTO public.activity_log VALUES (81, '04b5f793-adfa-43d5-89cc-9a77db76d0f4', '2026-11-30 23:15:23.817033+00', 'sign_in', 'security', NULL, 'b88dca75-b902-408c-90e1-3c16f0553f49', 'Ana Field', 'ana.field@firm.test', NULL, NULL, 'b88dca75-b902-408c-90e1-3c16f0553f49', 'Ana Field', 'ana.field@firm.test', '10.18.9.230', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', 'A4453CFFB9', '{"remembered": true}', '\x724726a4a05a6d882f971a4e762966fab1b0eec5430b461073016bcf4014b262', '\x0a25b9e5217c96f9b6b4e0dbc842df6928054588ff13cf6872159b6f7f8f2467');
INSERT INTO public.activity_log VALUES (82, 'cf9b4a23-0e99-4597-949f-7d32ab892a97', '2026-11-30 23:15:23.817501+00', 'sign_out', 'security', NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', NULL, NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', '10.1.45.87', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '5BBD1DB853', '{}', '\x0a25b9e5217c96f9b6b4e0dbc842df6928054588ff13cf6872159b6f7f8f2467', '\x88f71600fed9bd0b52453dadba5604aa8869a3d12dec1b96b35767f9290e2e6d');
INSERT INTO public.activity_log VALUES (83, '64afec0f-f923-41bd-a342-afea53dec3ac', '2026-11-30 23:15:23.817969+00', 'sign_out', 'security', NULL, 'fe705552-1243-46ab-8bfc-f72e1d0db075', 'Ina Inactive', 'ina.inactive@firm.test', NULL, NULL, 'fe705552-1243-46ab-8bfc-f72e1d0db075', 'Ina Inactive', 'ina.inactive@firm.test', '10.2.2.175', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '1D4C2299DC', '{}', '\x88f71600fed9bd0b52453dadba5604aa8869a3d12dec1b96b35767f9290e2e6d', '\x38edb973f3303c403186d02961d6a95f64b860e7d112a8ce2afe3de60d54b6e3');
INSERT INTO public.activity_log VALUES (84, '4e155168-909d-44cd-911d-6e7d78c93916', '2026-11-30 23:15:23.818437+00', 'sign_out', 'security', NULL, 'bad6ce7e-8df8-466f-b02c-d8e981d656dc', 'Aud Auditor', 'auditor@firm.test', NULL, NULL, 'bad6ce7e-8df8-466f-b02c-d8e981d656dc', 'Aud Auditor', 'auditor@firm.test', '10.9.38.152', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '4D3285B43A', '{}', '\x38edb973f3303c403186d02961d6a95f64b860e7d112a8ce2afe3de60d54b6e3', '\x5e1ca37137f656efd781e271e7606c2a08d7557da5023a85320f4f7feb8b459d');
INSERT INTO public.activity_log VALUES (85, 'a1e0e0b9-3b62-40eb-ba53-dd528af6a8bf', '2026-11-30 23:15:23.818905+00', 'sign_in', 'security', NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', NULL, NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', '10.5.7.56', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '573BA8E910', '{"remembered": false}', '\x5e1ca37137f656efd781e271e7606c2a08d7557da5023a85320f4f7feb8b459d', '\x933aaa41d8730fdf6901f050d0de83257b8fabed80ac2ed97bb9f77b70d8b011');
INSERT INTO public.activity_log VALUES (86, 'b9f8cb56-2595-4b62-a00f-1b85e9bd20c0', '2026-11-30 23:15:23.819373+00', 'sign_in_failed', 'security', NULL, NULL, NULL, NULL, NULL, NULL, '2c2c99ad-c554-4af9-9b0e-990744f2eaa5', 'Otto Harbour', 'otto@firm.test', '198.51.100.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', 'FFE2775E91', '{"reason": "Wrong password"}', '\x933aaa41d8730fdf6901f050d0de83257b8fabed80ac2ed97bb9f77b70d8b011', '\x4507bab0e17d721f01850a34474989953f9bc7aad18aa3e688920201527b1617');
INSERT INTO public.activity_log VALUES (87, '5294d1e3-454b-4af2-ac88-403e9637b32c', '2026-11-30 23:15:23.819841+00', 'sign_in', 'security', NULL, 'bad6ce7e-8df8-466f-b02c-d8e981d656dc', 'Aud Auditor', 'auditor@firm.test', NULL, NULL, 'bad6ce7e-8df8-466f-b02c-d8e981d656dc', 'Aud Auditor', 'auditor@firm.test', '10.16.98.46', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '4ADD54AF2D', '{"remembered": true}', '\x4507bab0e17d721f01850a34474989953f9bc7aad18aa3e688920201527b1617', '\xd5fb19358f5a6104681818da888e1ed176f588e6a02631ac9f6b28c0e49350db');
INSERT INTO public.activity_log VALUES (88, 'b1c1a9d7-fcf1-4d08-9ead-afd28233dfff', '2026-11-30 23:15:23.820309+00', 'password_reset_sent', 'security', NULL, NULL, NULL, NULL, NULL, NULL, 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', '198.51.100.4', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '2981DDECEA', '{}', '\xd5fb19358f5a6104681818da888e1ed176f588e6a02631ac9f6b28c0e49350db', '\x3c96620a8403fc1bc057f4fc55b17db2a4b53c70395fedc3d4bf9dd689673584');
INSERT INTO public.activity_log VALUES (89, '0a6d24ee-3463-470a-bc48-7e299122b7eb', '2026-11-30 23:15:23.820777+00', 'password_change', 'security', 'mobile', '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', NULL, NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', '10.6.13.146', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', 'F5E5DD4170', '{"temporary": false, "sessions_ended": 2}', '\x3c96620a8403fc1bc057f4fc55b17db2a4b53c70395fedc3d4bf9dd689673584', '\xb3096f028c81b62fa38d95cfb64cb1d989a5d06cc37c585574d2273509b98cbb');
INSERT INTO public.activity_log VALUES (90, '6794e6f8-f9c8-45e7-9cfc-4aaa37ba8544', '2026-11-30 23:15:23.821245+00', 'sign_in', 'security', NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', NULL, NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', '10.12.69.66', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', 'E4D913286F', '{"remembered": false}', '\xb3096f028c81b62fa38d95cfb64cb1d989a5d06cc37c585574d2273509b98cbb', '\x31709816edeabd32d9c231831842391707c4a949a25961c89078036d024de34f');
INSERT INTO public.activity_log VALUES (91, '86e0a5b6-7a0f-46dd-866c-b66c83e1f841', '2026-11-30 23:15:23.821713+00', 'sign_in', 'security', NULL, '825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', NULL, NULL, '825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', '10.6.32.52', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', 'C9E3FED3A9', '{"remembered": false}', '\x31709816edeabd32d9c231831842391707c4a949a25961c89078036d024de34f', '\xf6fbc0125f276291a4155b0bfd5fddad39719b9ed3bf51ae74c1011b23e7a4f4');
INSERT INTO public.activity_log VALUES (92, '51f7f1ff-78f2-429a-905a-216992acb591', '2026-11-30 23:15:23.822181+00', 'sign_in_failed', 'security', NULL, NULL, NULL, NULL, NULL, NULL, 'b88dca75-b902-408c-90e1-3c16f0553f49', 'Ana Field', 'ana.field@firm.test', '198.51.100.2', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', 'BB17D94784', '{"reason": "Wrong password"}', '\xf6fbc0125f276291a4155b0bfd5fddad39719b9ed3bf51ae74c1011b23e7a4f4', '\xcfa9f19828a246fe0082284f0775a6783131e622fc15a6f39d72f0e7926aff7e');
INSERT INTO public.activity_log VALUES (93, 'e305acb9-7ef1-49fc-84bd-96b24dd38f00', '2026-11-30 23:15:23.822649+00', 'sign_in_throttled', 'security', NULL, NULL, NULL, NULL, NULL, NULL, 'bad6ce7e-8df8-466f-b02c-d8e981d656dc', 'Aud Auditor', 'auditor@firm.test', '198.51.100.1', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '6AA13E0EBC', '{"reason": "5 wrong tries in a row"}', '\xcfa9f19828a246fe0082284f0775a6783131e622fc15a6f39d72f0e7926aff7e', '\xad0b73e476199ae8815a21fc11af9beeb204bdfde51b8f49317aca4dd63493bd');
INSERT INTO public.activity_log VALUES (94, '53c675a8-d21a-4a27-b987-c7ba838bee07', '2026-11-30 23:15:23.823117+00', 'password_reset_sent', 'security', NULL, NULL, NULL, NULL, NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '198.51.100.2', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '9374F654EC', '{}', '\xad0b73e476199ae8815a21fc11af9beeb204bdfde51b8f49317aca4dd63493bd', '\x0a39e8b24119808e175bdd63f59a49e1c91da8631e743558597e1205a29f6df9');
INSERT INTO public.activity_log VALUES (95, '5d5ef855-6af0-4916-86e4-e2dfa6b12943', '2026-11-30 23:15:23.823585+00', 'sign_in', 'security', NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', NULL, NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', '10.9.50.77', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '7AE5E01BAB', '{"remembered": true}', '\x0a39e8b24119808e175bdd63f59a49e1c91da8631e743558597e1205a29f6df9', '\x22c907a59f43c09353a8b83cb61a0cad0251004f9a9ddb9effbfdfe0bb8bc5e5');
INSERT INTO public.activity_log VALUES (96, '81722e18-d0a9-432e-9550-016eaf1382ed', '2026-11-30 23:15:23.824053+00', 'sign_in_failed', 'security', NULL, NULL, NULL, NULL, NULL, NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', '198.51.100.3', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', 'C55AB4B29C', '{"reason": "Wrong password"}', '\x22c907a59f43c09353a8b83cb61a0cad0251004f9a9ddb9effbfdfe0bb8bc5e5', '\xd79ea48a3e4d100f15a329b0b13b3f55d1b85c029cefd504d866f51021e9913a');
INSERT INTO public.activity_log VALUES (97, 'e8f22d82-85cc-4299-a8eb-2a45e3741164', '2026-11-30 23:15:23.824521+00', 'sign_out', 'security', NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', NULL, NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', '10.4.63.248', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '3C1BA18D89', '{}', '\xd79ea48a3e4d100f15a329b0b13b3f55d1b85c029cefd504d866f51021e9913a', '\xa47b1c82b6bd1073615ac022bde20791c860e844537afacd668a85527a9c38e2');
INSERT INTO public.activity_log VALUES (98, 'af0935c9-9253-48e0-8a2a-c49cab22e818', '2026-11-30 23:15:23.824989+00', 'password_change', 'security', 'mobile', '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', NULL, NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', '10.2.76.128', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '3CE3E9C1A8', '{"temporary": false, "sessions_ended": 2}', '\xa47b1c82b6bd1073615ac022bde20791c860e844537afacd668a85527a9c38e2', '\xf50825f79f0d2d01bed04a569f0472cac56f93236f519f620cd51bdd6065e3cd');
INSERT INTO public.activity_log VALUES (99, 'a12ac172-e11d-4b7e-8c54-23c9ab265b7e', '2026-11-30 23:15:23.825457+00', 'sign_out', 'security', NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', NULL, NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', '10.17.70.109', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '9C39E8A4C4', '{}', '\xf50825f79f0d2d01bed04a569f0472cac56f93236f519f620cd51bdd6065e3cd', '\x8bc04c426fbe3e1a56c9e9fc07c3d3f714c353887aab23fe43dfa75b988cbe64');
INSERT INTO public.activity_log VALUES (100, 'fa5a136d-0c6c-4cb8-b1b3-6ec46d99a6ba', '2026-11-30 23:15:23.825925+00', 'sign_out', 'security', NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '10.7.90.123', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '1E3399E75A', '{}', '\x8bc04c426fbe3e1a56c9e9fc07c3d3f714c353887aab23fe43dfa75b988cbe64', '\x7bbea48208a823eb597b48c2c32c3bf670efcc6c11d0a0e3093ad78499f45c39');
INSERT INTO public.activity_log VALUES (101, '9184ab99-55fa-41c9-9085-9024e32a960d', '2026-11-30 23:15:23.826393+00', 'sign_in', 'security', NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', NULL, NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', '10.1.3.221', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '0BC8E3026A', '{"remembered": true}', '\x7bbea48208a823eb597b48c2c32c3bf670efcc6c11d0a0e3093ad78499f45c39', '\xc056410c7bd9ac37392726670c45e38f51a4af3aee466004fc2dbe2990d197ff');
INSERT INTO public.activity_log VALUES (102, 'ddb05534-5fec-4ee6-a0d3-a8b3ec9160f3', '2026-11-30 23:15:23.826861+00', 'password_change', 'security', 'self', '825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', NULL, NULL, '825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', '10.16.97.172', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '4795499651', '{"temporary": false, "sessions_ended": 1}', '\xc056410c7bd9ac37392726670c45e38f51a4af3aee466004fc2dbe2990d197ff', '\x0913d88658bf4aaccb5a2c1db42bc35dfd7a9574e40e5173618f856caf4bb414');
INSERT INTO public.activity_log VALUES (103, '6bd55c5c-d93a-4b41-b8e4-3106ccbe16c0', '2026-11-30 23:15:23.827329+00', 'sign_in', 'security', NULL, 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', NULL, NULL, 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', '10.17.99.23', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '83AE27A54B', '{"remembered": false}', '\x0913d88658bf4aaccb5a2c1db42bc35dfd7a9574e40e5173618f856caf4bb414', '\xeb7e3121ba803e68880358c03da49e208d50d124ca4b533f2088fbcfab291f31');
INSERT INTO public.activity_log VALUES (104, '19a37e27-df5b-4ed1-a191-acef4e11ef59', '2026-11-30 23:15:23.827797+00', 'sign_in', 'security', NULL, 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', NULL, NULL, 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', '10.17.69.191', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', 'DD10E12D9A', '{"remembered": true}', '\xeb7e3121ba803e68880358c03da49e208d50d124ca4b533f2088fbcfab291f31', '\x71cc1a3837abaacd65ddd19a666ea207546acc62d8647df04d60fad4d2d029ba');
INSERT INTO public.activity_log VALUES (105, '03181016-deb8-4ef6-ba91-e85c89a7437b', '2026-11-30 23:15:23.828265+00', 'sign_in', 'security', NULL, '825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', NULL, NULL, '825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', '10.17.10.78', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', 'B38B0A2BF3', '{"remembered": true}', '\x71cc1a3837abaacd65ddd19a666ea207546acc62d8647df04d60fad4d2d029ba', '\x40977baa9964123318c69e98cbc3104d1fd2b147ccd1de4f2b97584783862928');
INSERT INTO public.activity_log VALUES (106, 'c8b39df7-211e-4bf1-9090-214b05ca61f0', '2026-11-30 23:15:23.828733+00', 'sign_out', 'security', NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', NULL, NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', '10.2.81.32', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '05B80B6395', '{}', '\x40977baa9964123318c69e98cbc3104d1fd2b147ccd1de4f2b97584783862928', '\x6dc411af1478734a2b4682da4d78b56d67893d543e5a2cb2df1cf2963cd0b5be');
INSERT INTO public.activity_log VALUES (107, 'd17509e6-b16d-488c-9ace-dbe3404fae29', '2026-11-30 23:15:23.829201+00', 'password_change', 'security', 'admin', '825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', NULL, NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', '198.51.100.1', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '455CCCF24E', '{"temporary": true, "sessions_ended": 2}', '\x6dc411af1478734a2b4682da4d78b56d67893d543e5a2cb2df1cf2963cd0b5be', '\xd3cc730fbf69afbf3ab2d721ef7b4f54e121e92a867c1e88066613832cffbc75');
INSERT INTO public.activity_log VALUES (108, 'fb75402a-9367-4336-b5d5-48e13a782596', '2026-11-30 23:15:23.829669+00', 'user_updated', 'account', NULL, '3470cf99-9c32-4e33-8a66-27b8e7429bd6', 'Bea Blocked', 'bea.blocked@firm.test', NULL, NULL, '3470cf99-9c32-4e33-8a66-27b8e7429bd6', 'Bea Blocked', 'bea.blocked@firm.test', '10.13.48.106', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', 'A886F14742', '{"email_after": "bea.blocked@firm.test", "email_before": "old.bea.blocked@firm.test"}', '\xd3cc730fbf69afbf3ab2d721ef7b4f54e121e92a867c1e88066613832cffbc75', '\xe2ef729bae4f8cb970cdb89fcdccb42280a202112f1a95f2b46de6a7496e10ed');
INSERT INTO public.activity_log VALUES (109, '1e2066d6-6bf8-494c-ab89-5d694e2ef632', '2026-11-30 23:15:23.830137+00', 'sign_in_failed', 'security', NULL, NULL, NULL, NULL, NULL, NULL, 'bad6ce7e-8df8-466f-b02c-d8e981d656dc', 'Aud Auditor', 'auditor@firm.test', '198.51.100.2', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '3376501D8A', '{"reason": "The account is blocked"}', '\xe2ef729bae4f8cb970cdb89fcdccb42280a202112f1a95f2b46de6a7496e10ed', '\xf687297a60539b81bd6e98996df923c2ac6eab6dc30e22d9b43e92c4bdfabaa7');
INSERT INTO public.activity_log VALUES (110, 'e0772807-83cd-476d-bc9c-d9230ec9edd5', '2026-11-30 23:15:23.830605+00', 'sign_in_failed', 'security', NULL, NULL, NULL, NULL, NULL, NULL, 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', '198.51.100.3', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', 'A5D86D0031', '{"reason": "Wrong password"}', '\xf687297a60539b81bd6e98996df923c2ac6eab6dc30e22d9b43e92c4bdfabaa7', '\x7dc0a2f9a5e8ef29bc60ae795a046b0e8b8317bd69abdc0cae365a4d5b1235ea');
INSERT INTO public.activity_log VALUES (111, '97b6030f-8785-45c3-b8fe-9d6e977b4ea6', '2026-11-30 23:15:23.831073+00', 'sign_out', 'security', NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', NULL, NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', '10.5.25.203', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', 'DE15B4E62B', '{}', '\x7dc0a2f9a5e8ef29bc60ae795a046b0e8b8317bd69abdc0cae365a4d5b1235ea', '\xa11e8276e3deff7b01d2e1c981aa097cfb00de342a0af0b56b3f9cabb73fe0ec');
INSERT INTO public.activity_log VALUES (112, '16ecb59e-687c-4948-bce9-4fefbc5b27af', '2026-11-30 23:15:23.831541+00', 'sign_in_failed', 'security', NULL, NULL, NULL, NULL, NULL, NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', '198.51.100.1', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', 'DE9F8A2C2F', '{"reason": "Wrong password"}', '\xa11e8276e3deff7b01d2e1c981aa097cfb00de342a0af0b56b3f9cabb73fe0ec', '\xeb42626e281a67081ad7c7a9a5b234e202338d626cc3608b03fdc001456b3b3a');
INSERT INTO public.activity_log VALUES (113, '2b5236fc-fee8-4002-a146-55d6f64b6a78', '2026-11-30 23:15:23.832009+00', 'sign_in', 'security', NULL, 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', NULL, NULL, 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', '10.3.74.198', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '6EBC8DB994', '{"remembered": true}', '\xeb42626e281a67081ad7c7a9a5b234e202338d626cc3608b03fdc001456b3b3a', '\x1be821c5c593dd23360e6fc5e8e7d320044f76cd48361dce4e4ad5c9f30bb156');
INSERT INTO public.activity_log VALUES (114, '59378856-54f0-41f0-9a6b-71d7538f707e', '2026-11-30 23:15:23.832477+00', 'password_reset_requested', 'security', NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '10.11.69.247', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '581D180D54', '{}', '\x1be821c5c593dd23360e6fc5e8e7d320044f76cd48361dce4e4ad5c9f30bb156', '\xf21056f0d2ed3622f7a7753463e971391ec244fc41cffdfc5d303f203c45dd2f');
INSERT INTO public.activity_log VALUES (115, 'a6c083cd-07f4-48e6-ac22-a0dff0a174cb', '2026-11-30 23:15:23.832945+00', 'sign_in', 'security', NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', NULL, NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', '10.3.9.33', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '26142E33AE', '{"remembered": false}', '\xf21056f0d2ed3622f7a7753463e971391ec244fc41cffdfc5d303f203c45dd2f', '\xc5aa151598ec692054d5b2d7c416830b50fa1fb1bfa8977f04813e89f5c00ca6');
INSERT INTO public.activity_log VALUES (116, '53389f40-7bc6-456d-b917-d70793354743', '2026-11-30 23:15:23.833413+00', 'sign_in', 'security', NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', NULL, NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', '10.3.83.227', 'Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36', '6269907959', '{"remembered": false}', '\xc5aa151598ec692054d5b2d7c416830b50fa1fb1bfa8977f04813e89f5c00ca6', '\xf43295b4275e0c7f53ac6be63bee281547ecf09ebe863c67c7a3e765fb27c44c');
INSERT INTO public.activity_log VALUES (117, 'e798c502-f26b-436e-a90d-9aac2d6b1708', '2026-11-30 23:15:23.833881+00', 'sign_in_failed', 'security', NULL, NULL, NULL, NULL, NULL, NULL, 'bad6ce7e-8df8-466f-b02c-d8e981d656dc', 'Aud Auditor', 'auditor@firm.test', '198.51.100.3', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', 'E1EAB6997A', '{"reason": "The account is inactive"}', '\xf43295b4275e0c7f53ac6be63bee281547ecf09ebe863c67c7a3e765fb27c44c', '\xf8d6cbe706ce7df40917b19ae61a48c1ce9f27cae673ebd8305668003bb6583b');
INSERT INTO public.activity_log VALUES (118, '8a362b9c-34e5-49c0-9496-9b59ab63bb15', '2026-11-30 23:15:23.834349+00', 'sign_in_failed', 'security', NULL, NULL, NULL, NULL, NULL, NULL, 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', '198.51.100.4', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '2F47DF7560', '{"reason": "The account is blocked"}', '\xf8d6cbe706ce7df40917b19ae61a48c1ce9f27cae673ebd8305668003bb6583b', '\x8a1aef619a04be47eca50260256809d6353aa108e290bfff6f081e6c3cbdb993');
INSERT INTO public.activity_log VALUES (119, '7c04291e-e73b-468a-8f22-b8ca6e1f8960', '2026-11-30 23:15:23.834817+00', 'sign_in', 'security', NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', NULL, NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', '10.6.34.47', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1', '0528569CC0', '{"remembered": true}', '\x8a1aef619a04be47eca50260256809d6353aa108e290bfff6f081e6c3cbdb993', '\xae251cde8b1ae0428d958a6cb974d994e34fbc9bb2b61a8b8e4b0bb05092a06e');
INSERT INTO public.activity_log VALUES (120, 'da634d83-1130-4293-bb38-8637a6c9f8eb', '2026-11-30 23:15:23.835285+00', 'sign_in', 'security', NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', NULL, NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', '10.12.62.75', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', 'FF277AB7E3', '{"remembered": true}', '\xae251cde8b1ae0428d958a6cb974d994e34fbc9bb2b61a8b8e4b0bb05092a06e', '\x1b642c9e05793ee17e83b0767c869f1da4cec47a2cf1c38c14854e5266d0254e');
INSERT INTO public.activity_log VALUES (121, 'a2ddc2cc-49ba-4683-a64f-3e3ee45354f8', '2026-11-30 23:15:23.835753+00', 'sign_in', 'security', NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', NULL, NULL, 'e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', '10.12.75.120', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36', '93BEF7A555', '{"remembered": false}', '\x1b642c9e05793ee17e83b0767c869f1da4cec47a2cf1c38c14854e5266d0254e', '\x96d9852f71468e0b8648818900a0d1d121b72fbb8f46eb626d63466e2d5d4826');
INSERT INTO public.activity_log VALUES (122, '447f9d13-d6dc-4c9a-b7a0-dd0784555df1', '2026-11-30 23:15:24.050743+00', 'sign_in', 'security', NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', NULL, NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0', '13A4AF95AE', '{"remembered": false}', '\x96d9852f71468e0b8648818900a0d1d121b72fbb8f46eb626d63466e2d5d4826', '\x5735a5f09a20e2693d005210a30aa23100d07e65cfcabfe2ad8d26bd9b59c763');
INSERT INTO public.activity_log VALUES (123, '99e4f6a7-b75b-4f79-bde1-8c1175fa4175', '2026-11-30 23:15:24.132145+00', 'sign_in', 'security', NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', NULL, NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0', '7C54621BA3', '{"remembered": false}', '\x5735a5f09a20e2693d005210a30aa23100d07e65cfcabfe2ad8d26bd9b59c763', '\x3019a51fd2c493573bd9aed4785b0143e5972badc2b0e6187b540bc36eb9685d');
INSERT INTO public.activity_log VALUES (124, '375dbc2e-7982-4637-a9f3-fe302081c13a', '2026-11-30 23:15:24.215717+00', 'sign_in_failed', 'security', NULL, NULL, NULL, NULL, NULL, NULL, '2c2c99ad-c554-4af9-9b0e-990744f2eaa5', 'Otto Harbour', 'otto@firm.test', '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0', '28FEDAC365', '{"reason": "Wrong password"}', '\x3019a51fd2c493573bd9aed4785b0143e5972badc2b0e6187b540bc36eb9685d', '\x74a279f455e4b356a731f5db1b17de2aa50061bfbd706c66e94cba38c5603351');
INSERT INTO public.activity_log VALUES (125, '3e8a4cff-780c-496d-b9b9-a229504eb311', '2026-11-30 23:15:24.402143+00', 'password_change', 'security', 'admin', '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', NULL, NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0', '08834C97BE', '{"from": "profile", "temporary": true, "expires_at": "2026-12-01T23:15:24.385Z", "sessions_ended": 0}', '\x74a279f455e4b356a731f5db1b17de2aa50061bfbd706c66e94cba38c5603351', '\x866e3cf540bf503ac599e599644307736b7e89a0d6b787d4b58c2a90477a8563');
INSERT INTO public.activity_log VALUES (126, 'c5a55934-bb6d-48da-89ce-65a9bcb15095', '2026-11-30 23:15:24.548778+00', 'password_change', 'security', 'admin', '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', NULL, NULL, '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0', '321FA8269B', '{"from": "profile", "temporary": true, "expires_at": "2026-12-01T23:15:24.539Z", "sessions_ended": 0}', '\x866e3cf540bf503ac599e599644307736b7e89a0d6b787d4b58c2a90477a8563', '\xa18f1596c470040707e8cc3368d77856422e817e5c9e92d6967611cd6db4254d');
INSERT INTO public.activity_log VALUES (127, 'c4796e53-ec87-4657-a6e5-ca37d1812946', '2026-11-30 23:15:24.590849+00', 'sign_in', 'security', NULL, '2c2c99ad-c554-4af9-9b0e-990744f2eaa5', 'Otto Harbour', 'otto@firm.test', NULL, NULL, '2c2c99ad-c554-4af9-9b0e-990744f2eaa5', 'Otto Harbour', 'otto@firm.test', '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0', 'F2F6E59864', '{"remembered": false}', '\xa18f1596c470040707e8cc3368d77856422e817e5c9e92d6967611cd6db4254d', '\xd07780906105f606e96dd0408ab2b6966f93605228a8387188be4a2a1c54932a');
INSERT INTO public.activity_log VALUES (128, '10d7fe2e-289f-4620-9229-7782fef7e333', '2026-11-30 23:15:24.704836+00', 'password_change', 'security', 'self', '2c2c99ad-c554-4af9-9b0e-990744f2eaa5', 'Otto Harbour', 'otto@firm.test', NULL, NULL, '2c2c99ad-c554-4af9-9b0e-990744f2eaa5', 'Otto Harbour', 'otto@firm.test', '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0', 'EE972E4B3E', '{"sessions_ended": 0}', '\xd07780906105f606e96dd0408ab2b6966f93605228a8387188be4a2a1c54932a', '\x79b0caaee8d826da865be219517adfed6cf08cc554a02add49ff84c877923069');
INSERT INTO public.activity_log VALUES (129, 'eacf7f2a-105b-4e46-9fb8-e9693a046014', '2026-11-30 23:15:24.765855+00', 'password_reset_requested', 'security', NULL, NULL, NULL, NULL, NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0', 'EE1F949B06', '{}', '\x79b0caaee8d826da865be219517adfed6cf08cc554a02add49ff84c877923069', '\x163065a8e248923554d139f199b2862bcdadf2be85b7bd138d96a12f6c24a9d7');
INSERT INTO public.activity_log VALUES (130, 'fc4daa40-a205-4a6e-b803-778f1da84654', '2026-11-30 23:15:24.766973+00', 'password_reset_sent', 'security', NULL, NULL, NULL, NULL, NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0', 'EE1F949B06', '{}', '\x163065a8e248923554d139f199b2862bcdadf2be85b7bd138d96a12f6c24a9d7', '\x801f9ffdbdeec37b73832e722e687fbc5f18cf0bee72a6a6073e4d147cc5cd7e');
INSERT INTO public.activity_log VALUES (131, '5b1b61b4-8bda-45c1-b103-08639418b435', '2026-11-30 23:15:24.806174+00', 'user_created', 'account', NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', NULL, NULL, 'cc55fb7b-f7f4-4dc0-8033-8f8f1e28a80f', 'Iva Invited', 'iva@firm.test', '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0', 'CE1F2C73D7', '{"role": "Fieldworker", "team": null}', '\x801f9ffdbdeec37b73832e722e687fbc5f18cf0bee72a6a6073e4d147cc5cd7e', '\x691980dde7e7dc250483ee064703d695d3ef2e8436e9ad4482e110af82e64c64');
INSERT INTO public.activity_log VALUES (132, 'a20da48f-2379-4221-8c70-597f26c1fd28', '2026-11-30 23:15:24.843717+00', 'impersonation_started', 'security', NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0', '701D1D8083', '{"reason": "Cannot find a job sheet", "ends_at": "2026-12-01T00:15:24.835Z"}', '\x691980dde7e7dc250483ee064703d695d3ef2e8436e9ad4482e110af82e64c64', '\xbdd9a3b4e606992328934261567da12260894800de8cb9ae44bd12e700f6167c');
INSERT INTO public.activity_log VALUES (133, '9210c44a-026e-4085-b1cb-746720543f7c', '2026-11-30 23:15:24.864242+00', 'impersonation_ended', 'security', NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', NULL, NULL, '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0', 'B7937C75DE', '{"why": "Returned", "minutes": 0}', '\xbdd9a3b4e606992328934261567da12260894800de8cb9ae44bd12e700f6167c', '\xe2160890fc0191f2de0981da682392a4bd076c833d59a69627c47a9b077642b2');
INSERT INTO public.activity_log VALUES (134, '04125bff-71f4-4590-934b-55912aaac2d1', '2026-11-30 23:15:24.928869+00', 'sign_in', 'security', NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', NULL, NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0', '5672FA2395', '{"remembered": false}', '\xe2160890fc0191f2de0981da682392a4bd076c833d59a69627c47a9b077642b2', '\xd9ae17c6b14699b200505a714e5913394625e2f6cef17e7eca45295c0352d119');
INSERT INTO public.activity_log VALUES (135, 'e776a43e-393b-4ec0-8cf9-d562fb78f7f8', '2026-11-30 23:15:24.965929+00', 'canned_response_changed', 'account', NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', NULL, NULL, NULL, NULL, NULL, '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0', '547066AD27', '{"name": "Back again", "after": {"body": "Hello {first_name},\n\n{reset_link}", "name": "Back again", "subject": "Welcome back, {first_name}"}, "before": null}', '\xd9ae17c6b14699b200505a714e5913394625e2f6cef17e7eca45295c0352d119', '\xbcddc25bd4f98d1236b878a0ea6f2dcd03f2910105ea98c7932e2ea3177cf942');
INSERT INTO public.activity_log VALUES (136, 'e510ee1b-c508-4e8a-8a59-b16adbe8163c', '2026-11-30 23:15:24.996287+00', 'campaign_started', 'account', NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', NULL, NULL, NULL, NULL, NULL, '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0', '7D87C5603A', '{"name": "Reset your password", "people": 3, "left_out": 1, "campaign_id": "1d85a480-7215-4d8c-88d4-085f17d4738b"}', '\xbcddc25bd4f98d1236b878a0ea6f2dcd03f2910105ea98c7932e2ea3177cf942', '\x3633cc32faed035c106035d9bae50ce017f5a21551a59f9d4703fc5ecd41e49e');
INSERT INTO public.activity_log VALUES (137, 'dbcdec23-68e1-4c1d-95fe-d70c36ad8dd2', '2026-11-30 23:15:25.134999+00', 'policy_changed', 'security', NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', NULL, NULL, NULL, NULL, NULL, '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0', '994A6F055E', '{"after": "on", "before": "off", "reason": "The insurer asks for it", "setting": "Temporary passwords that die unused"}', '\x3633cc32faed035c106035d9bae50ce017f5a21551a59f9d4703fc5ecd41e49e', '\x6793079f9e8d05718cf5015127a1a31750f1500e449878adc915664bd2eb9c12');
INSERT INTO public.activity_log VALUES (138, '936a8b3d-f89f-445f-ba39-5d6b3475edda', '2026-11-30 23:15:25.16474+00', 'policy_changed', 'security', NULL, '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', NULL, NULL, NULL, NULL, NULL, '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0', '61C8B245F2', '{"after": "on", "before": "off", "reason": "The insurer asks for it", "setting": "Dormant accounts"}', '\x6793079f9e8d05718cf5015127a1a31750f1500e449878adc915664bd2eb9c12', '\x11862fa22f3f0422f85dc374fa5da535ace4af12d895d2865ba13e11c6ef5c72');
INSERT INTO public.activity_log VALUES (139, 'cdb9e3dc-61e5-43e6-8b22-bb7dfd440e1c', '2026-11-30 23:15:25.186844+00', 'automation_run', 'system', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"did": "told of", "people": 0, "run_id": "a13919e4-79f8-41fa-86b5-094e91948de7", "by_hand": false, "acts_for": "Olivia Owner", "left_over": 0, "automation": "Temporary passwords that die unused"}', '\x11862fa22f3f0422f85dc374fa5da535ace4af12d895d2865ba13e11c6ef5c72', '\xdd9a3c25a893f93a8a84f249f18a7c35f5e4f24062b541e5483cdf661fc08f9f');
INSERT INTO public.activity_log VALUES (141, '2617838f-0706-4560-b80c-59fc26de7698', '2026-11-30 23:15:25.215691+00', 'automation_run', 'system', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"fault": null, "entries": 139, "head_seq": "139", "head_hash": "dd9a3c25a893f93a8a84f249f18a7c35f5e4f24062b541e5483cdf661fc08f9f", "automation": "activity_check"}', '\x6e2a839428f93ab09e87743f800ee2624490110ba0371b7c64b76b43880c5281', '\x3e25125ba19d03b8c156404c21c748d3371062c681ff1c15786b2643afac7f97');
INSERT INTO public.activity_log VALUES (142, '0a21fadf-8b4d-446d-a20f-3989fcdf409f', '2026-11-30 23:15:25.404301+00', 'password_reset_sent', 'security', NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', NULL, NULL, 'b88dca75-b902-408c-90e1-3c16f0553f49', 'Ana Field', 'ana.field@firm.test', NULL, NULL, NULL, '{"campaign": "Reset your password", "campaign_id": "1d85a480-7215-4d8c-88d4-085f17d4738b"}', '\x3e25125ba19d03b8c156404c21c748d3371062c681ff1c15786b2643afac7f97', '\xbba18cf40fdaf47101ebc4d4ab6eee76d9747e2f64afbe71c98b103a343f13c0');
INSERT INTO public.activity_log VALUES (143, '7b901e0b-e5b8-4892-8ad0-a1b34be9c956', '2026-11-30 23:15:25.597348+00', 'password_reset_sent', 'security', NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', NULL, NULL, 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', NULL, NULL, NULL, '{"campaign": "Reset your password", "campaign_id": "1d85a480-7215-4d8c-88d4-085f17d4738b"}', '\xbba18cf40fdaf47101ebc4d4ab6eee76d9747e2f64afbe71c98b103a343f13c0', '\xba7dfdf2dc30b57653061e9825ee127eb2b5d6d521cefbdf354985f358ebf609');
INSERT INTO public.activity_log VALUES (144, '42c95d6c-ad14-493f-a637-4657ec421653', '2026-11-30 23:15:25.809971+00', 'campaign_finished', 'account', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"name": "Reset your password", "sent": 3, "failed": 0, "opened": 0, "changed": 0, "left_out": 1, "campaign_id": "1d85a480-7215-4d8c-88d4-085f17d4738b"}', '\xba7dfdf2dc30b57653061e9825ee127eb2b5d6d521cefbdf354985f358ebf609', '\x9fe5ce0205090855c7c46a134de76261db29368e76b60b3a28cc2baf0ca075e4');
INSERT INTO public.activity_log VALUES (145, '216ff29e-a8a4-4dcd-a5fb-0c0765efa1ee', '2026-11-30 23:15:26.029817+00', 'password_reset_requested', 'security', NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', NULL, NULL, 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0', '8E6FC96F59', '{}', '\x9fe5ce0205090855c7c46a134de76261db29368e76b60b3a28cc2baf0ca075e4', '\x80908070ecf8259ac647ff511ab5f090df02b2111fc267f6ad1cbeb2b5725aa3');
INSERT INTO public.activity_log VALUES (146, '98cecb61-3872-4a2f-819c-cd621149d4aa', '2026-11-30 23:15:26.030267+00', 'password_reset_sent', 'security', NULL, '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', NULL, NULL, 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0', '8E6FC96F59', '{}', '\x80908070ecf8259ac647ff511ab5f090df02b2111fc267f6ad1cbeb2b5725aa3', '\x23e7b67b44f695312b7ccd4f96342518d847889c88b1fbf2fedaf8e07ba1edfb');

INSERT INTO public.automation_deeds VALUES ('temporary', '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'expired 1', 'a13919e4-79f8-41fa-86b5-094e91948de7', '2026-11-30 23:15:26.05655+00');

INSERT INTO public.automation_exemptions VALUES ('dormant', '2e68e593-5972-47a8-97ed-5e356fb53863');

INSERT INTO public.automation_runs VALUES ('a13919e4-79f8-41fa-86b5-094e91948de7', 'temporary', '2026-11-30 23:00:00+00', '09627cd1-4190-4b7c-a9e5-00a327516566', '2026-11-30 23:15:25.16728+00', '2026-11-30 23:15:25.176068+00', 0, 0, NULL);

INSERT INTO public.automations VALUES ('reminder', false, NULL, NULL, NULL, NULL, NULL, 'weekday', '07:00:00', 100, '{}', '{}', NULL, NULL, '{14,7,1}', '2026-11-30 21:15:25.166233+00', 1);
INSERT INTO public.automations VALUES ('enforce', false, NULL, NULL, NULL, NULL, NULL, 'weekday', '07:00:00', 20, '{}', '{}', 365, 12, NULL, '2026-11-30 21:15:25.166233+00', 1);
INSERT INTO public.automations VALUES ('dormant', true, '2026-11-30 23:15:25.158716+00', '09627cd1-4190-4b7c-a9e5-00a327516566', 'The insurer asks for it', '09627cd1-4190-4b7c-a9e5-00a327516566', NULL, 'weekday', '07:00:00', 50, '{}', '{}', 90, NULL, NULL, '2026-11-30 21:15:25.166233+00', 2);
INSERT INTO public.automations VALUES ('temporary', true, '2026-11-22 23:15:25.166889+00', '09627cd1-4190-4b7c-a9e5-00a327516566', 'The insurer asks for it', '09627cd1-4190-4b7c-a9e5-00a327516566', NULL, 'hour', '07:00:00', 1000, '{}', '{}', NULL, NULL, NULL, '2026-11-22 23:15:25.166889+00', 3);

INSERT INTO public.campaign_choices VALUES ('fa0456ff-25dd-4db2-97d9-13cadc5c61bb', '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', '2026-11-30 23:15:26.05655+00', '{b88dca75-b902-408c-90e1-3c16f0553f49,f9f4540b-7100-46be-bedc-cabbd5c61efe}');

INSERT INTO public.campaign_people VALUES ('1d85a480-7215-4d8c-88d4-085f17d4738b', '3470cf99-9c32-4e33-8a66-27b8e7429bd6', 'blocked', NULL, false, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, DEFAULT);
INSERT INTO public.campaign_people VALUES ('1d85a480-7215-4d8c-88d4-085f17d4738b', '2e68e593-5972-47a8-97ed-5e356fb53863', NULL, NULL, false, NULL, 0, '5ab512b5-8b63-4e7d-a631-e82682ff4c3f', 'bfa8835e-d656-4448-aac2-84bf6e4d67ed', '2026-11-30 23:15:25.217852+00', NULL, 'kept in the dev outbox', NULL, NULL, NULL, NULL, DEFAULT);
INSERT INTO public.campaign_people VALUES ('1d85a480-7215-4d8c-88d4-085f17d4738b', 'b88dca75-b902-408c-90e1-3c16f0553f49', NULL, NULL, false, NULL, 0, '3ddbe285-8531-4039-8743-454f7ca98fb8', '7498355a-e1f2-4d24-8e1a-e79019c72120', '2026-11-30 23:15:25.415439+00', NULL, 'kept in the dev outbox', NULL, NULL, NULL, NULL, DEFAULT);
INSERT INTO public.campaign_people VALUES ('1d85a480-7215-4d8c-88d4-085f17d4738b', 'f9f4540b-7100-46be-bedc-cabbd5c61efe', NULL, NULL, false, NULL, 0, '6013fe73-dc11-4af7-b82e-f8888750e567', 'd2adc4c0-741c-4ae2-bf66-4bf1d8d9c432', '2026-11-30 23:15:25.606213+00', NULL, 'kept in the dev outbox', NULL, NULL, NULL, NULL, DEFAULT);

INSERT INTO public.campaigns VALUES ('1d85a480-7215-4d8c-88d4-085f17d4738b', 'Reset your password', 'Choose a new password', 'Hello {first_name},

{company_name} asks you to choose a new password for your account.

{reset_link}

The link works once, for {expires_in}. Until you use it, your old password stays as it is. We never ask you for your password by email.', '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', '2026-11-30 23:15:24.984665+00', '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'finished', '2026-11-30 23:15:25.80458+00', NULL, 5, '2026-11-30 23:15:25.584665+00', NULL, 0, NULL, NULL);

INSERT INTO public.canned_responses VALUES ('7eaeab8c-7428-4233-a18f-9eeac80282f3', 'Season start', 'Ready for the season: choose a new password', 'Hello {first_name},

the season is about to start. Please choose a new password for {company_name} before your first shift, so that you can sign in from the first day on.

{reset_link}

The link works once, for {expires_in}. If it has run out when you open it, one press on the page it leads to sends you a new one.

Until you use it, your old password stays as it is.', '{"body": "Hello {first_name},\n\nthe season is about to start. Please choose a new password for {company_name} before your first shift, so that you can sign in from the first day on.\n\n{reset_link}\n\nThe link works once, for {expires_in}. If it has run out when you open it, one press on the page it leads to sends you a new one.\n\nUntil you use it, your old password stays as it is.", "name": "Season start", "subject": "Ready for the season: choose a new password"}', '2026-11-30 23:15:23.413132+00');
INSERT INTO public.canned_responses VALUES ('5a63364e-8776-4f0c-acb5-1cacd6cee5cc', 'Reset your password', 'Choose a new password', 'Hello {first_name},

{company_name} asks you to choose a new password for your account.

{reset_link}

The link works once, for {expires_in}. Until you use it, your old password stays as it is. We never ask you for your password by email.', '{"body": "Hello {first_name},\n\n{company_name} asks you to choose a new password for your account.\n\n{reset_link}\n\nThe link works once, for {expires_in}. Until you use it, your old password stays as it is. We never ask you for your password by email.", "name": "Reset your password", "subject": "Choose a new password"}', '2026-11-30 23:15:23.413132+00');
INSERT INTO public.canned_responses VALUES ('b00a5f2f-a712-46fa-b2cb-5f88f3d2888d', 'Back again', 'Welcome back, {first_name}', 'Hello {first_name},

{reset_link}', NULL, '2026-11-30 23:15:24.963968+00');

INSERT INTO public.company VALUES (true, NULL, 'UTC', 12, true, 24, 30, '{}', NULL, 60, 12, 1);

INSERT INTO public.evidence_keys VALUES ('33f4f41a-f969-4250-8725-bb13a60a8f42', 'f096-1f8a-a590-d917-143c-8e14-37fc-6c3f-3905-9f23-9b34-afe1-596d-bfe9-0764-8ce2', '\x302a300506032b65700321000332ca42dab32adfdcb5d060abb56458a3a3ae8d8935f59dec16209eb5ed2ee4', '\x3d704da5cf0afe81c64460cfd348b316988bf8489a877ddb5f7a815b9eb6939c6f02be96c38e427ec932a8845765ef1a479e8271898747efadee65481fa13b76e0905d30dde61b6af5c1e38d', '2026-11-30 23:15:23.766222+00', NULL);

INSERT INTO public.impersonations VALUES ('f71e0ba1-8e0c-4741-949d-c5c527ced89f', 'ce7622f6-f40d-46fb-9c14-9618d998b47d', '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', '2e68e593-5972-47a8-97ed-5e356fb53863', 'Cannot find a job sheet', 0, 0, '2026-11-30 23:15:24.835021+00', '2026-12-01 00:15:24.835021+00', NULL, '2026-11-30 23:15:24.862038+00', 'Returned', '2026-11-30 23:15:24.862038+00');

INSERT INTO public.import_rows VALUES ('ed78225c-a0c5-4b13-b248-6434ac0d9a18', 2, 'Nia New', 'nia@firm.test', '+31 20 555 0101', 'North', '96b5dbd3-2742-4f52-a35f-8c89c089e46e', NULL);
INSERT INTO public.import_rows VALUES ('ed78225c-a0c5-4b13-b248-6434ac0d9a18', 3, 'No Address', '', '', 'North', NULL, 'The address is missing');

INSERT INTO public.imports VALUES ('ed78225c-a0c5-4b13-b248-6434ac0d9a18', '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'people.csv', 'queued', 1, 1, 0, NULL, '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0', '3B8143E12E', '2026-11-30 23:15:25.903139+00', '2026-11-30 23:15:25.935643+00', NULL);

INSERT INTO public.known_devices VALUES ('5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', '\x9325ef320a4811b8042ab76c7543cd42e742bd28d3013aa9357e43c9501ab684', '2026-11-30 23:15:24.04518+00');
INSERT INTO public.known_devices VALUES ('09627cd1-4190-4b7c-a9e5-00a327516566', '\x6defecb093536537523c575beb5167d15fa539ff9546e742113ebe520da76f82', '2026-11-30 23:15:24.129547+00');
INSERT INTO public.known_devices VALUES ('2c2c99ad-c554-4af9-9b0e-990744f2eaa5', '\xe517492255fce2e7e533f8b39f01e7376bad5fa45e31d998fbfbc26cd60daaf0', '2026-11-30 23:15:24.587129+00');
INSERT INTO public.known_devices VALUES ('5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', '\x4bf5163c76cf6bd961e2ce59a614332c02bfe43d74d56fc928dd5bcccf119b12', '2026-11-30 23:15:24.923006+00');

INSERT INTO public.letters VALUES ('8499961d-9088-4dde-aee2-073561e7503e', 'password_changed_by_office', '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', '{"at": "2026-11-30T23:15:24.396Z", "by": "Dana Admin, Admin", "name": "Ben Field", "email": "ben.field@firm.test", "signedOut": true, "temporary": true}', 'sent', '2026-11-30 23:15:24.385569+00', '2026-11-30 23:15:24.419468+00', 'kept in the dev outbox');
INSERT INTO public.letters VALUES ('2e7aef6f-30c0-4100-91ad-2561d096adc9', 'password_changed_by_office', '90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', '{"at": "2026-11-30T23:15:24.544Z", "by": "Dana Admin, Admin", "name": "Ben Field", "email": "ben.field@firm.test", "signedOut": true, "temporary": true}', 'sent', '2026-11-30 23:15:24.539747+00', '2026-11-30 23:15:24.561876+00', 'kept in the dev outbox');
INSERT INTO public.letters VALUES ('cdf53604-232a-4689-a510-c5007330f285', 'password_changed', '2c2c99ad-c554-4af9-9b0e-990744f2eaa5', 'Otto Harbour', 'otto@firm.test', '{"at": "2026-11-30T23:15:24.702Z", "name": "Otto Harbour", "email": "otto@firm.test", "device": "Chrome, Windows"}', 'sent', '2026-11-30 23:15:24.696473+00', '2026-11-30 23:15:24.71782+00', 'kept in the dev outbox');
INSERT INTO public.letters VALUES ('e4c7ee37-40be-4381-b3bb-bd22c7b82c9b', 'password_reset', '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '{"at": "2026-11-30T23:15:24.753Z", "name": "Sam Field", "email": "sam@firm.test", "device": "Chrome, Windows", "linkId": "31ea198b-648f-4158-bf25-7d06081428d2"}', 'sent', '2026-11-30 23:15:24.740659+00', '2026-11-30 23:15:24.793502+00', 'kept in the dev outbox');
INSERT INTO public.letters VALUES ('f6117676-4af5-440b-af0f-fa6d98923210', 'invitation', 'cc55fb7b-f7f4-4dc0-8033-8f8f1e28a80f', 'Iva Invited', 'iva@firm.test', '{"by": "Dana Admin, Admin", "name": "Iva Invited", "email": "iva@firm.test", "linkId": "81766ec3-2750-4d53-bc1e-71fff2f723c1"}', 'sent', '2026-11-30 23:15:24.79086+00', '2026-11-30 23:15:24.819497+00', 'kept in the dev outbox');
INSERT INTO public.letters VALUES ('f8317800-04b7-4209-9acf-28069ad7595c', 'new_device', '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', '{"at": "2026-11-30T23:15:24.924Z", "ip": "127.0.0.1", "name": "Dana Admin", "email": "admin@firm.test", "device": "Chrome, Windows"}', 'sent', '2026-11-30 23:15:24.923006+00', '2026-11-30 23:15:24.935368+00', 'kept in the dev outbox');
INSERT INTO public.letters VALUES ('5ab512b5-8b63-4e7d-a631-e82682ff4c3f', 'canned_response', '2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', '{"body": "Hello {first_name},\n\n{company_name} asks you to choose a new password for your account.\n\n{reset_link}\n\nThe link works once, for {expires_in}. Until you use it, your old password stays as it is. We never ask you for your password by email.", "name": "Sam Field", "linkId": "bfa8835e-d656-4448-aac2-84bf6e4d67ed", "subject": "Choose a new password", "expiresIn": "60 minutes"}', 'sent', '2026-11-30 23:15:25.191503+00', '2026-11-30 23:15:25.217852+00', 'kept in the dev outbox');
INSERT INTO public.letters VALUES ('3ddbe285-8531-4039-8743-454f7ca98fb8', 'canned_response', 'b88dca75-b902-408c-90e1-3c16f0553f49', 'Ana Field', 'ana.field@firm.test', '{"body": "Hello {first_name},\n\n{company_name} asks you to choose a new password for your account.\n\n{reset_link}\n\nThe link works once, for {expires_in}. Until you use it, your old password stays as it is. We never ask you for your password by email.", "name": "Ana Field", "linkId": "7498355a-e1f2-4d24-8e1a-e79019c72120", "subject": "Choose a new password", "expiresIn": "60 minutes"}', 'sent', '2026-11-30 23:15:25.386121+00', '2026-11-30 23:15:25.415439+00', 'kept in the dev outbox');
INSERT INTO public.letters VALUES ('6013fe73-dc11-4af7-b82e-f8888750e567', 'canned_response', 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', '{"body": "Hello {first_name},\n\n{company_name} asks you to choose a new password for your account.\n\n{reset_link}\n\nThe link works once, for {expires_in}. Until you use it, your old password stays as it is. We never ask you for your password by email.", "name": "Cleo Field", "linkId": "d2adc4c0-741c-4ae2-bf66-4bf1d8d9c432", "subject": "Choose a new password", "expiresIn": "60 minutes"}', 'sent', '2026-11-30 23:15:25.586448+00', '2026-11-30 23:15:25.606213+00', 'kept in the dev outbox');
INSERT INTO public.letters VALUES ('ffaf9550-8ec8-4649-af6c-464b1dd6f41a', 'password_reset', 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', '{"at": "2026-11-30T23:15:26.017Z", "name": "Cleo Field", "email": "cleo.field@firm.test", "device": "Dana Admin, your office", "linkId": "a7b6e3a6-0680-4bde-8763-63ee81092172"}', 'queued', '2026-11-30 23:15:26.008875+00', NULL, NULL);
INSERT INTO public.letters VALUES ('5f8f93a4-7910-43a7-a7ca-c980f75871ab', 'temporary_passwords_died', '09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', '{"name": "Olivia Owner", "people": [{"at": "2026-11-30T12:00:00.000Z", "name": "Ben Field", "team": "North"}]}', 'failed', '2026-11-30 23:15:26.05655+00', NULL, '554 5.7.1 Not today');
INSERT INTO public.letters VALUES ('29516770-407f-4b9e-b44c-d002dc1733dd', 'temporary_passwords_died', '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', '{"name": "Dana Admin", "people": [{"at": "2026-11-30T12:00:00.000Z", "name": "Ben Field", "team": "North"}]}', 'sent', '2026-11-30 23:15:26.05655+00', NULL, '250 OK');

INSERT INTO public.links VALUES ('81766ec3-2750-4d53-bc1e-71fff2f723c1', 'invite', 'cc55fb7b-f7f4-4dc0-8033-8f8f1e28a80f', 'iva@firm.test', 0, '\x293d76f42c92fa4897a24a6b689513c72d31a7bcd348f1d452b9f948157e7a01', '\x08b4ddd00d69a75f77d6df8f83935885773d5435110f94a8c316ea892b971d19', NULL, NULL, '2026-11-30 23:15:24.79086+00', '2026-12-07 23:15:24.816314+00', NULL, NULL, NULL);
INSERT INTO public.links VALUES ('31ea198b-648f-4158-bf25-7d06081428d2', 'reset', '2e68e593-5972-47a8-97ed-5e356fb53863', 'sam@firm.test', 0, '\x4625abf6e8b311943e570526e1b708fabea4a3f4dd399808b240236888dbf97a', '\x4c9aceea2d57b1d8d829c271ec9c359dc32f061db7ea440c872de5e046390d7a', NULL, NULL, '2026-11-30 23:15:24.740659+00', '2026-12-01 00:15:24.79062+00', NULL, '2026-11-30 23:15:25.191503+00', NULL);
INSERT INTO public.links VALUES ('bfa8835e-d656-4448-aac2-84bf6e4d67ed', 'campaign', '2e68e593-5972-47a8-97ed-5e356fb53863', 'sam@firm.test', 0, '\x64bf0686fbcbc19bb73dc5294ad715096547ae2602440b7fc19039e3982f4c32', '\xcd6cc67dadd8d5c3ebd69f3d7215515e877877b4c730a4cd1362acac1a59ef9f', NULL, NULL, '2026-11-30 23:15:25.191503+00', '2026-12-01 00:15:25.191503+00', NULL, NULL, '1d85a480-7215-4d8c-88d4-085f17d4738b');
INSERT INTO public.links VALUES ('7498355a-e1f2-4d24-8e1a-e79019c72120', 'campaign', 'b88dca75-b902-408c-90e1-3c16f0553f49', 'ana.field@firm.test', 0, '\x2178304845383931263883b4a37682b4f968bbca29d6f2183d137fc1aeb03c11', '\x741c90308f2724a8069640fa6773ff3694904e6762bc57d106dc5f85b5c34f15', NULL, NULL, '2026-11-30 23:15:25.386121+00', '2026-12-01 00:15:25.386121+00', NULL, NULL, '1d85a480-7215-4d8c-88d4-085f17d4738b');
INSERT INTO public.links VALUES ('d2adc4c0-741c-4ae2-bf66-4bf1d8d9c432', 'campaign', 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'cleo.field@firm.test', 0, '\x4f5ade36192c3091bbcf531e2062ead6d813388f76119b27b2d58d55b4507845', '\x24e8cd538a559adf91154c1b947d951d455e9e3b8c742cb73e4831a6d1d58011', NULL, NULL, '2026-11-30 23:15:25.586448+00', '2026-12-01 00:15:25.586448+00', NULL, '2026-11-30 23:15:26.008875+00', '1d85a480-7215-4d8c-88d4-085f17d4738b');
INSERT INTO public.links VALUES ('a7b6e3a6-0680-4bde-8763-63ee81092172', 'reset', 'f9f4540b-7100-46be-bedc-cabbd5c61efe', 'cleo.field@firm.test', 0, '\x3d29c453f0439ff8321d1edcce7b905103b036ba9e09c2d27dde2ece05a87839', NULL, NULL, NULL, '2026-11-30 23:15:26.008875+00', NULL, NULL, NULL, NULL);

INSERT INTO public.migrations VALUES ('0001_company.sql', 'bc3a8ed910233066a9934e59b044b61985a44c2b9764748e11112b6e8980b031', '2026-11-30 23:15:23.112748+00');
INSERT INTO public.migrations VALUES ('0002_people.sql', '5e8eda2d054b5828e31f5bf1f38159e3fc00b39708ee6753519cd8aa5267b97a', '2026-11-30 23:15:23.120121+00');
INSERT INTO public.migrations VALUES ('0003_activity.sql', 'c5113a895eca7ac5fab315a0670f4e07623ace235131c8dfd4fab4d9835fbcb2', '2026-11-30 23:15:23.233097+00');
INSERT INTO public.migrations VALUES ('0004_sessions.sql', 'f93e589e3eddca6a20cbe4a8561f6801152100522a15b1a2f0fa0292599fc2d4', '2026-11-30 23:15:23.249045+00');
INSERT INTO public.migrations VALUES ('0005_letters.sql', '6b1dcfe834ece9b087c7a58b2a240f97cdc0cc5046c777feb05d1c0cf88da7f0', '2026-11-30 23:15:23.280995+00');
INSERT INTO public.migrations VALUES ('0006_recovery.sql', '0b6b2b0e84a479d55231bbd11209e2d5d896339b301266c641fb1512a35ba79f', '2026-11-30 23:15:23.287539+00');
INSERT INTO public.migrations VALUES ('0007_retired_temporary.sql', 'f90fda236dccc0558c0836bfe701c4b654d6e6e04676fc8168836f25f6c66c1f', '2026-11-30 23:15:23.310433+00');
INSERT INTO public.migrations VALUES ('0008_sessions_of_the_shut_out.sql', 'c31e8e2a014d5ea482aed1a131c5e03d8affe0b17f3d10057635749944a9204f', '2026-11-30 23:15:23.312894+00');
INSERT INTO public.migrations VALUES ('0009_activity_log.sql', 'd37b14b465b238aec854cfd6cd71aad6a0525cbc2d9746f3b025277cacc9da2c', '2026-11-30 23:15:23.315588+00');
INSERT INTO public.migrations VALUES ('0010_evidence_keys.sql', 'aa75ccbf2ce76c9ff2c42f21cb31af3d9b48d1851a309f0915760de36807210a', '2026-11-30 23:15:23.369538+00');
INSERT INTO public.migrations VALUES ('0012_invitations.sql', '292ff484c9166c833faa6948070753d97a32a3650890bd0364ae2f30752050e6', '2026-11-30 23:15:23.380579+00');
INSERT INTO public.migrations VALUES ('0014_imports.sql', '843d1487318e102e5e5eac5c7045bfacc9cda6b2ab93d51499d28b76fc60c4be', '2026-11-30 23:15:23.381739+00');
INSERT INTO public.migrations VALUES ('0016_custom_roles.sql', '98443c8b60adfbf1c9ecd99454c28806810fe687b2f8a2b190423e7baf35772f', '2026-11-30 23:15:23.400407+00');
INSERT INTO public.migrations VALUES ('0017_company_policy.sql', 'a168c1b86ba16efa5f478831126f4a35b131b0533965163e0065f64b7e7e4138', '2026-11-30 23:15:23.403681+00');
INSERT INTO public.migrations VALUES ('0018_impersonations.sql', 'e771faccece22501e2c955365be6c0a2681fe7d92fd4c6932d614fb832705e16', '2026-11-30 23:15:23.405063+00');
INSERT INTO public.migrations VALUES ('0020_canned_responses.sql', '2ea8bc60d7890e543bccc54b3794137df4b94a27e51c137ef8048d8514931bf6', '2026-11-30 23:15:23.413132+00');
INSERT INTO public.migrations VALUES ('0021_campaigns.sql', '2a64b2c2cd14116d48563b1a547b02a7cb166d5d1d98fe7b39a02f49d1bea0b2', '2026-11-30 23:15:23.42286+00');
INSERT INTO public.migrations VALUES ('0022_campaign_choices.sql', '4efbce3e74bb5cc288640ef728cb91fb369676847592fd1a4c8b60b284cafc12', '2026-11-30 23:15:23.453488+00');
INSERT INTO public.migrations VALUES ('0023_automations.sql', '6f7451a1d87b6353524382610a803f34ae20a0bb155ce8c7e3f1d0f8b398a2a1', '2026-11-30 23:15:23.458829+00');
INSERT INTO public.migrations VALUES ('0024_campaign_statistics.sql', '15367ee73811ad61ff63c4cf348948a10a941fe933804e3d935979a51d550f90', '2026-11-30 23:15:23.503548+00');
INSERT INTO public.migrations VALUES ('0025_retired_passwords.sql', '86a590ce0d1720c704a7dca6191366364c78effd2bdaf4fa37fee741db15506c', '2026-11-30 23:15:23.504408+00');
INSERT INTO public.migrations VALUES ('0026_reminders.sql', 'b65caf95d9d0833c48d8315e3ea0fd41d3b12faa1bc125d3102cf835b362d359', '2026-11-30 23:15:23.505245+00');
INSERT INTO public.migrations VALUES ('0027_all_retired_passwords.sql', 'eb3c53dbdac4ea2b9a4d31b12ec0e1d05d82943f9e23bd23906a3d4861e7036f', '2026-11-30 23:15:23.516843+00');
INSERT INTO public.migrations VALUES ('0028_known_kinds.sql', '607cd8f4c72032707c236e23b2bc025daeea4b879ea272881f75ccb7e02db485', '2026-11-30 23:15:23.520904+00');
INSERT INTO public.migrations VALUES ('0029_people_by_status.sql', '856cba3eb6509a86c07c078224bf13dad3f54b556265a80d5c93ef5899ea56ab', '2026-11-30 23:15:23.521886+00');

INSERT INTO public.rate_limits VALUES ('forgot-network:127.0.0.1', 1, 1796081125957);
INSERT INTO public.rate_limits VALUES ('forgot-network-day:127.0.0.1', 1, 1796166925957);
INSERT INTO public.rate_limits VALUES ('forgot-gap:QYYmO0bBCMDgHvBPAQkPLKCxOD_PQqP13aFp7ooEeiY', 1, 1796080825958);
INSERT INTO public.rate_limits VALUES ('forgot-hour:QYYmO0bBCMDgHvBPAQkPLKCxOD_PQqP13aFp7ooEeiY', 1, 1796084125958);
INSERT INTO public.rate_limits VALUES ('forgot-day:QYYmO0bBCMDgHvBPAQkPLKCxOD_PQqP13aFp7ooEeiY', 1, 1796166925959);

INSERT INTO public.roles VALUES ('02559993-ff01-4413-b41e-3411cc923e22', 'Owner', 'office', 'company', '{users.view,users.manage,passwords.change,users.impersonate,activity.view,activity.export,campaigns.manage,automations.manage,roles.manage,settings.manage}', true, 1);
INSERT INTO public.roles VALUES ('7b6fa3a6-2c25-47c7-b66a-5795d668dd3f', 'Admin', 'office', 'company', '{users.view,users.manage,passwords.change,users.impersonate,activity.view,activity.export,campaigns.manage,automations.manage,settings.manage}', true, 1);
INSERT INTO public.roles VALUES ('86fce17f-850a-4a11-95ce-9cbd55ed0759', 'Dispatcher', 'office', 'team', '{users.view,passwords.change}', true, 1);
INSERT INTO public.roles VALUES ('f363a815-2fa9-40aa-8437-fa00cdb5bfa4', 'Auditor', 'office', 'company', '{activity.view,activity.export}', true, 1);
INSERT INTO public.roles VALUES ('6b84f37a-f3b5-4d46-bbd6-d68a82dfde53', 'Fieldworker', 'fieldworker', 'company', '{}', true, 1);
INSERT INTO public.roles VALUES ('d0fefea5-3263-4738-ac2a-7112ff358719', 'Season desk', 'office', 'team', '{users.view,passwords.change,activity.view}', false, 1);

INSERT INTO public.session_data VALUES ('cF6Y2_z4U8bylq-O73YKvj1xr-7D0_sx', '{"cookie": {"path": "/", "secure": false, "expires": "2026-11-30T23:45:25.962Z", "httpOnly": true, "sameSite": "lax", "originalMaxAge": 1800000}, "askedFor": "ana.field@firm.test", "csrfSecret": "61p4jUCQm_oM5l1gvpEybQxB"}', '2026-11-30 23:45:26+00');
INSERT INTO public.session_data VALUES ('GbpFF3_MDv4wM8mUit81VToIH8blvsuB', '{"cookie": {"path": "/", "secure": false, "expires": "2026-11-30T23:45:24.142Z", "httpOnly": true, "sameSite": "lax", "originalMaxAge": 1800000}, "csrfSecret": "84N05h-RTU9bXu4ZS9VfVuFf"}', '2026-11-30 23:45:25+00');
INSERT INTO public.session_data VALUES ('pzRihW-kVkhS-dAVigjk6grp68SP_f_2', '{"flash": {"text": "You no longer work as Sam Field.", "title": "You are back in your own account"}, "cookie": {"path": "/", "secure": false, "expires": null, "httpOnly": true, "sameSite": "lax", "originalMaxAge": null}, "passport": {"user": "ce7622f6-f40d-46fb-9c14-9618d998b47d"}}', '2026-12-01 11:15:25+00');
INSERT INTO public.session_data VALUES ('xXtFNZ6djeXi16T0xmo9W_wQX569Z8cj', '{"flash": {"text": "A reset link is on its way to cleo.field@firm.test.", "title": "Reset link sent to Cleo Field"}, "cookie": {"path": "/", "secure": false, "expires": null, "httpOnly": true, "sameSite": "lax", "originalMaxAge": null}, "passport": {"user": "d886981f-7c88-40a8-8aaf-d6fcc8f84fc9"}, "csrfSecret": "ptxC2qm_MF8YFi4BwtS_cpTX"}', '2026-12-01 11:15:27+00');
INSERT INTO public.session_data VALUES ('UbSJyXElHo3adrvNFVQi0wDXsZTa_Hl8', '{"flash": {"text": "All your other devices are signed out.", "title": "Your password is changed"}, "cookie": {"path": "/", "secure": false, "expires": null, "httpOnly": true, "sameSite": "lax", "originalMaxAge": null}, "passport": {"user": "17fa3a46-7b1e-4048-a7c3-89ddd9d1372b"}}', '2026-12-01 11:15:25+00');
INSERT INTO public.session_data VALUES ('jLEDVhIVpUfHW69fWbMJEroUCiXCeJP1', '{"cookie": {"path": "/", "secure": false, "expires": "2026-11-30T23:45:24.736Z", "httpOnly": true, "sameSite": "lax", "originalMaxAge": 1800000}, "askedFor": "sam@firm.test", "csrfSecret": "FfOEq4uYCrbHLfvd5o0J_dfc"}', '2026-11-30 23:45:25+00');
INSERT INTO public.session_data VALUES ('f0oewZlBexTGws9cvdqVZKTtf2sigycn', '{"flash": {"text": "It acts with your rights, at its next turn.", "title": "“Dormant accounts” is on"}, "cookie": {"path": "/", "secure": false, "expires": null, "httpOnly": true, "sameSite": "lax", "originalMaxAge": null}, "passport": {"user": "f87638e3-8b5e-465f-b47e-684f9ec43db8"}, "csrfSecret": "-JHkJe_xyay40Nm3QbAk3We7"}', '2026-12-01 11:15:26+00');

INSERT INTO public.sessions VALUES ('ce7622f6-f40d-46fb-9c14-9618d998b47d', '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', false, '2026-11-30 23:15:24.04518+00', '2026-11-30 23:15:24.04518+00', '2026-11-30 23:15:24.04518+00', '2026-12-01 11:15:24.04518+00', NULL, '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0');
INSERT INTO public.sessions VALUES ('f87638e3-8b5e-465f-b47e-684f9ec43db8', '09627cd1-4190-4b7c-a9e5-00a327516566', false, '2026-11-30 23:15:24.129547+00', '2026-11-30 23:15:24.129547+00', '2026-11-30 23:15:24.129547+00', '2026-12-01 11:15:24.129547+00', NULL, '::FFFF:10.0.0.7', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0');
INSERT INTO public.sessions VALUES ('17fa3a46-7b1e-4048-a7c3-89ddd9d1372b', '2c2c99ad-c554-4af9-9b0e-990744f2eaa5', false, '2026-11-30 23:15:24.587129+00', '2026-11-30 23:15:24.696473+00', '2026-11-30 23:15:24.587129+00', '2026-12-01 11:15:24.587129+00', NULL, '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0');
INSERT INTO public.sessions VALUES ('d886981f-7c88-40a8-8aaf-d6fcc8f84fc9', '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', false, '2026-11-30 23:15:24.923006+00', '2026-11-30 23:15:24.923006+00', '2026-11-30 23:15:24.923006+00', '2026-12-01 11:15:24.923006+00', NULL, '127.0.0.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0');

INSERT INTO public.teams VALUES ('96b5dbd3-2742-4f52-a35f-8c89c089e46e', 'North');
INSERT INTO public.teams VALUES ('5f2dc9b9-6fd0-479e-a5e3-f7bfdb67140c', 'Harbour');

INSERT INTO public.users VALUES ('e02cbfcb-66d0-4105-b71b-0faf3efa6c8d', 'Tom Dispatcher', 'dispatcher@firm.test', NULL, '86fce17f-850a-4a11-95ce-9cbd55ed0759', '96b5dbd3-2742-4f52-a35f-8c89c089e46e', 'active', '2026-11-30 23:15:23.791717+00', '2026-11-30 23:15:23.791717+00', '$argon2id$v=19$m=19456,t=2,p=1$8PXH+E338D9ugr+mdDdrDw$cB1OmCwVOKg5QR1mz7OLRBPO6W14x3M0ktqP3O+luUc', '2026-10-31 23:15:23.791717+00', NULL, NULL, NULL, NULL, 0, NULL, '2024-12-30 23:15:23.828558+00', DEFAULT, NULL, NULL, '{}');
INSERT INTO public.users VALUES ('bad6ce7e-8df8-466f-b02c-d8e981d656dc', 'Aud Auditor', 'auditor@firm.test', NULL, 'f363a815-2fa9-40aa-8437-fa00cdb5bfa4', NULL, 'active', '2026-11-30 23:15:23.792752+00', '2026-11-30 23:15:23.792752+00', '$argon2id$v=19$m=19456,t=2,p=1$8PXH+E338D9ugr+mdDdrDw$cB1OmCwVOKg5QR1mz7OLRBPO6W14x3M0ktqP3O+luUc', '2026-10-31 23:15:23.792752+00', NULL, NULL, NULL, NULL, 0, NULL, '2024-12-30 23:15:23.828558+00', DEFAULT, NULL, NULL, '{}');
INSERT INTO public.users VALUES ('2e68e593-5972-47a8-97ed-5e356fb53863', 'Sam Field', 'sam@firm.test', NULL, '6b84f37a-f3b5-4d46-bbd6-d68a82dfde53', '96b5dbd3-2742-4f52-a35f-8c89c089e46e', 'active', '2026-11-30 23:15:23.793936+00', '2026-11-30 23:15:23.793936+00', '$argon2id$v=19$m=19456,t=2,p=1$8PXH+E338D9ugr+mdDdrDw$cB1OmCwVOKg5QR1mz7OLRBPO6W14x3M0ktqP3O+luUc', '2026-10-31 23:15:23.793936+00', NULL, NULL, NULL, NULL, 0, NULL, '2024-12-30 23:15:23.828558+00', DEFAULT, NULL, NULL, '{}');
INSERT INTO public.users VALUES ('b88dca75-b902-408c-90e1-3c16f0553f49', 'Ana Field', 'ana.field@firm.test', NULL, '6b84f37a-f3b5-4d46-bbd6-d68a82dfde53', '96b5dbd3-2742-4f52-a35f-8c89c089e46e', 'active', '2026-11-30 23:15:23.796412+00', '2026-11-30 23:15:23.796412+00', '$argon2id$v=19$m=19456,t=2,p=1$8PXH+E338D9ugr+mdDdrDw$cB1OmCwVOKg5QR1mz7OLRBPO6W14x3M0ktqP3O+luUc', '2026-10-31 23:15:23.796412+00', NULL, NULL, NULL, NULL, 0, NULL, '2024-12-30 23:15:23.828558+00', DEFAULT, NULL, NULL, '{}');
INSERT INTO public.users VALUES ('f9f4540b-7100-46be-bedc-cabbd5c61efe', 'Cleo Field', 'cleo.field@firm.test', NULL, '6b84f37a-f3b5-4d46-bbd6-d68a82dfde53', '96b5dbd3-2742-4f52-a35f-8c89c089e46e', 'active', '2026-11-30 23:15:23.802114+00', '2026-11-30 23:15:23.802114+00', '$argon2id$v=19$m=19456,t=2,p=1$8PXH+E338D9ugr+mdDdrDw$cB1OmCwVOKg5QR1mz7OLRBPO6W14x3M0ktqP3O+luUc', '2026-10-31 23:15:23.802114+00', NULL, NULL, NULL, NULL, 0, NULL, '2024-12-30 23:15:23.828558+00', DEFAULT, NULL, NULL, '{}');
INSERT INTO public.users VALUES ('3470cf99-9c32-4e33-8a66-27b8e7429bd6', 'Bea Blocked', 'bea.blocked@firm.test', NULL, '6b84f37a-f3b5-4d46-bbd6-d68a82dfde53', '96b5dbd3-2742-4f52-a35f-8c89c089e46e', 'blocked', '2026-11-30 23:15:23.803241+00', '2026-11-30 23:15:23.803241+00', '$argon2id$v=19$m=19456,t=2,p=1$8PXH+E338D9ugr+mdDdrDw$cB1OmCwVOKg5QR1mz7OLRBPO6W14x3M0ktqP3O+luUc', '2026-10-31 23:15:23.803241+00', NULL, NULL, NULL, NULL, 0, NULL, '2024-12-30 23:15:23.828558+00', DEFAULT, NULL, NULL, '{}');
INSERT INTO public.users VALUES ('fe705552-1243-46ab-8bfc-f72e1d0db075', 'Ina Inactive', 'ina.inactive@firm.test', NULL, '6b84f37a-f3b5-4d46-bbd6-d68a82dfde53', '96b5dbd3-2742-4f52-a35f-8c89c089e46e', 'inactive', '2026-11-30 23:15:23.80431+00', '2026-11-30 23:15:23.80431+00', '$argon2id$v=19$m=19456,t=2,p=1$8PXH+E338D9ugr+mdDdrDw$cB1OmCwVOKg5QR1mz7OLRBPO6W14x3M0ktqP3O+luUc', '2026-10-31 23:15:23.80431+00', NULL, NULL, NULL, NULL, 0, NULL, '2024-12-30 23:15:23.828558+00', DEFAULT, NULL, NULL, '{}');
INSERT INTO public.users VALUES ('825ea36f-596d-435f-b475-67a5beab9cc5', 'Sia Season', 'sia@firm.test', NULL, 'd0fefea5-3263-4738-ac2a-7112ff358719', '5f2dc9b9-6fd0-479e-a5e3-f7bfdb67140c', 'active', '2026-11-30 23:15:23.806352+00', '2026-11-30 23:15:23.806352+00', '$argon2id$v=19$m=19456,t=2,p=1$8PXH+E338D9ugr+mdDdrDw$cB1OmCwVOKg5QR1mz7OLRBPO6W14x3M0ktqP3O+luUc', '2026-10-31 23:15:23.806352+00', NULL, NULL, NULL, NULL, 0, NULL, '2024-12-30 23:15:23.828558+00', DEFAULT, NULL, NULL, '{}');
INSERT INTO public.users VALUES ('09627cd1-4190-4b7c-a9e5-00a327516566', 'Olivia Owner', 'owner@firm.test', NULL, '02559993-ff01-4413-b41e-3411cc923e22', NULL, 'active', '2026-11-30 23:15:23.787242+00', '2026-11-30 23:15:23.787242+00', '$argon2id$v=19$m=19456,t=2,p=1$8PXH+E338D9ugr+mdDdrDw$cB1OmCwVOKg5QR1mz7OLRBPO6W14x3M0ktqP3O+luUc', '2026-10-31 23:15:23.787242+00', NULL, NULL, NULL, NULL, 0, '2026-11-30 23:15:24.129547+00', '2024-12-30 23:15:23.828558+00', DEFAULT, NULL, NULL, '{}');
INSERT INTO public.users VALUES ('90e70d36-2fb3-464d-9f37-cc52e6d29bd6', 'Ben Field', 'ben.field@firm.test', NULL, '6b84f37a-f3b5-4d46-bbd6-d68a82dfde53', '96b5dbd3-2742-4f52-a35f-8c89c089e46e', 'active', '2026-11-30 23:15:23.800894+00', '2026-11-30 23:15:23.800894+00', '$argon2id$v=19$m=19456,t=2,p=1$JNF6QO11ikV9XcSuF6xTMA$kJdChzZNfP86B98N7N7le0blokcSL+AeQBGvZjsxWfc', '2026-11-30 23:15:24.539747+00', '5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'admin', '2026-12-01 23:15:24.539747+00', NULL, 2, NULL, '2024-12-30 23:15:23.828558+00', DEFAULT, NULL, NULL, '{"$argon2id$v=19$m=19456,t=2,p=1$O5yppfVbGigz/Onb7dVR6g$0VTLvsllVf444nY1QMAgUOLG8EtLP8CnrXg9LQeGckM","$argon2id$v=19$m=19456,t=2,p=1$8PXH+E338D9ugr+mdDdrDw$cB1OmCwVOKg5QR1mz7OLRBPO6W14x3M0ktqP3O+luUc"}');
INSERT INTO public.users VALUES ('2c2c99ad-c554-4af9-9b0e-990744f2eaa5', 'Otto Harbour', 'otto@firm.test', NULL, '6b84f37a-f3b5-4d46-bbd6-d68a82dfde53', '5f2dc9b9-6fd0-479e-a5e3-f7bfdb67140c', 'active', '2026-11-30 23:15:23.79516+00', '2026-11-30 23:15:23.79516+00', '$argon2id$v=19$m=19456,t=2,p=1$2bhFlUbXzCrrd5uQAaA/4g$/PU7oWLkoOMwFPCqInSvHbs7lvZyNMhQUXvNjaN/K6E', '2026-11-30 23:15:24.696473+00', '2c2c99ad-c554-4af9-9b0e-990744f2eaa5', 'self', NULL, NULL, 1, '2026-11-30 23:15:24.587129+00', '2024-12-30 23:15:23.828558+00', DEFAULT, NULL, NULL, '{}');
INSERT INTO public.users VALUES ('cc55fb7b-f7f4-4dc0-8033-8f8f1e28a80f', 'Iva Invited', 'iva@firm.test', NULL, '6b84f37a-f3b5-4d46-bbd6-d68a82dfde53', NULL, 'invited', '2026-11-30 23:15:24.79086+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-11-30 23:15:24.79086+00', DEFAULT, NULL, NULL, '{}');
INSERT INTO public.users VALUES ('5e8b3a3b-3c5d-4ab9-88fd-b6e60981a81d', 'Dana Admin', 'admin@firm.test', NULL, '7b6fa3a6-2c25-47c7-b66a-5795d668dd3f', NULL, 'active', '2026-11-30 23:15:23.789823+00', '2026-11-30 23:15:23.789823+00', '$argon2id$v=19$m=19456,t=2,p=1$8PXH+E338D9ugr+mdDdrDw$cB1OmCwVOKg5QR1mz7OLRBPO6W14x3M0ktqP3O+luUc', '2026-10-31 23:15:23.789823+00', NULL, NULL, NULL, NULL, 0, '2026-11-30 23:15:24.923006+00', '2024-12-30 23:15:23.828558+00', DEFAULT, NULL, NULL, '{}');
INSERT INTO public.users VALUES ('6e064eea-5416-43e9-8f7d-8d0972b0cb63', 'Rae Reverted', 'rae@firm.test', NULL, '6b84f37a-f3b5-4d46-bbd6-d68a82dfde53', NULL, 'invited', '2026-11-30 23:15:26.05655+00', NULL, NULL, '2026-11-30 23:15:26.05655+00', NULL, 'self', NULL, NULL, 0, NULL, '2026-11-30 23:15:26.05655+00', DEFAULT, NULL, NULL, '{}');

SELECT pg_catalog.setval('graphile_worker.job_queues_id_seq', 1, false);

SELECT pg_catalog.setval('graphile_worker.jobs_id_seq1', 14, true);

SELECT pg_catalog.setval('graphile_worker.tasks_id_seq', 79, true);

ALTER TABLE ONLY graphile_worker._private_job_queues
    ADD CONSTRAINT job_queues_pkey1 PRIMARY KEY (id);

ALTER TABLE ONLY graphile_worker._private_job_queues
    ADD CONSTRAINT job_queues_queue_name_key UNIQUE (queue_name);

ALTER TABLE ONLY graphile_worker._private_jobs
    ADD CONSTRAINT jobs_key_key1 UNIQUE (key);

ALTER TABLE ONLY graphile_worker._private_jobs
    ADD CONSTRAINT jobs_pkey1 PRIMARY KEY (id);

ALTER TABLE ONLY graphile_worker._private_known_crontabs
    ADD CONSTRAINT known_crontabs_pkey PRIMARY KEY (identifier);

ALTER TABLE ONLY graphile_worker.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY graphile_worker._private_tasks
    ADD CONSTRAINT tasks_identifier_key UNIQUE (identifier);

ALTER TABLE ONLY graphile_worker._private_tasks
    ADD CONSTRAINT tasks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.activity_log
    ADD CONSTRAINT activity_log_id_key UNIQUE (id);

ALTER TABLE ONLY public.activity_log
    ADD CONSTRAINT activity_log_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY public.automation_deeds
    ADD CONSTRAINT automation_deeds_pkey PRIMARY KEY (automation, user_id, occasion);

ALTER TABLE ONLY public.automation_exemptions
    ADD CONSTRAINT automation_exemptions_pkey PRIMARY KEY (automation, user_id);

ALTER TABLE ONLY public.automation_runs
    ADD CONSTRAINT automation_runs_automation_turn_key UNIQUE (automation, turn);

ALTER TABLE ONLY public.automation_runs
    ADD CONSTRAINT automation_runs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.automations
    ADD CONSTRAINT automations_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.campaign_choices
    ADD CONSTRAINT campaign_choices_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.campaign_people
    ADD CONSTRAINT campaign_people_pkey PRIMARY KEY (campaign_id, user_id);

ALTER TABLE ONLY public.campaigns
    ADD CONSTRAINT campaigns_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.canned_responses
    ADD CONSTRAINT canned_responses_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.company
    ADD CONSTRAINT company_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY public.evidence_keys
    ADD CONSTRAINT evidence_keys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.impersonations
    ADD CONSTRAINT impersonations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.import_rows
    ADD CONSTRAINT import_rows_pkey PRIMARY KEY (import_id, line);

ALTER TABLE ONLY public.imports
    ADD CONSTRAINT imports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.known_devices
    ADD CONSTRAINT known_devices_pkey PRIMARY KEY (user_id, device);

ALTER TABLE ONLY public.letters
    ADD CONSTRAINT letters_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.password_failures
    ADD CONSTRAINT password_failures_pkey PRIMARY KEY (account, device);

ALTER TABLE ONLY public.rate_limits
    ADD CONSTRAINT rate_limits_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_name_key UNIQUE (name);

ALTER TABLE ONLY public.roles
    ADD CONSTRAINT roles_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.session_data
    ADD CONSTRAINT session_data_pkey PRIMARY KEY (sid);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.teams
    ADD CONSTRAINT teams_name_key UNIQUE (name);

ALTER TABLE ONLY public.teams
    ADD CONSTRAINT teams_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_key UNIQUE (email);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

CREATE INDEX jobs_main_index ON graphile_worker._private_jobs USING btree (priority, run_at) INCLUDE (id, task_id, job_queue_id) WHERE (is_available = true);

CREATE INDEX jobs_no_queue_index ON graphile_worker._private_jobs USING btree (priority, run_at) INCLUDE (id, task_id) WHERE ((is_available = true) AND (job_queue_id IS NULL));

CREATE INDEX activity_checks_newest ON public.activity_checks USING btree (checked_at);

CREATE INDEX activity_log_by_actor ON public.activity_log USING btree (actor_id, event, seq, subject_id, ip);

CREATE INDEX activity_log_by_at ON public.activity_log USING btree (at);

CREATE INDEX activity_log_by_event ON public.activity_log USING btree (event, seq);

CREATE INDEX activity_log_by_ip ON public.activity_log USING btree (ip, event, seq);

CREATE INDEX activity_log_by_subject ON public.activity_log USING btree (subject_id, event, seq, ip);

CREATE INDEX activity_log_by_text ON public.activity_log USING gin (event, actor_id, subject_id, ip, public.activity_text(actor_name, actor_email, subject_name, subject_email, impersonator_email, details, request_id) public.gin_trgm_ops);

CREATE INDEX automation_deeds_by_time ON public.automation_deeds USING btree (automation, at);

CREATE INDEX automation_runs_newest ON public.automation_runs USING btree (automation, started_at DESC);

CREATE INDEX campaign_people_by_user ON public.campaign_people USING btree (user_id) WHERE ((changed_at IS NULL) AND (excused IS NULL));

CREATE INDEX campaign_people_due ON public.campaign_people USING btree (campaign_id, due_at, user_id) WHERE (due_at IS NOT NULL);

CREATE UNIQUE INDEX campaign_running ON public.campaigns USING btree ((true)) WHERE (status = 'running'::text);

CREATE INDEX campaigns_newest ON public.campaigns USING btree (started_at, id);

CREATE UNIQUE INDEX canned_responses_by_name ON public.canned_responses USING btree (lower(name));

CREATE UNIQUE INDEX evidence_key_in_use ON public.evidence_keys USING btree ((true)) WHERE (retired_at IS NULL);

CREATE UNIQUE INDEX impersonation_in_session ON public.impersonations USING btree (session_id) WHERE (told_at IS NULL);

CREATE INDEX impersonations_of_user ON public.impersonations USING btree (user_id) WHERE (ended_at IS NULL);

CREATE INDEX imports_of_starter ON public.imports USING btree (started_by, created_at DESC);

CREATE INDEX letters_by_address ON public.letters USING btree (to_address, created_at);

CREATE INDEX letters_by_receiver ON public.letters USING gin (to_address public.gin_trgm_ops, lower(to_name) public.gin_trgm_ops);

CREATE INDEX letters_by_status ON public.letters USING btree (status, created_at, id);

CREATE INDEX letters_by_template ON public.letters USING btree (template, created_at, id);

CREATE INDEX letters_newest ON public.letters USING btree (created_at, id);

CREATE INDEX letters_of_user ON public.letters USING btree (user_id, created_at DESC);

CREATE INDEX links_of_user ON public.links USING btree (user_id, purpose) WHERE ((used_at IS NULL) AND (superseded_at IS NULL));

CREATE UNIQUE INDEX roles_by_name ON public.roles USING btree (lower(name));

CREATE INDEX session_data_by_expire ON public.session_data USING btree (expire);

CREATE INDEX sessions_open ON public.sessions USING btree (user_id) WHERE (ended_at IS NULL);

CREATE UNIQUE INDEX teams_by_name ON public.teams USING btree (lower(name));

CREATE INDEX users_by_mailbox ON public.users USING btree (public.mailbox(email));

CREATE INDEX users_by_name ON public.users USING btree (name COLLATE "und-x-icu", id);

CREATE INDEX users_by_role ON public.users USING btree (role_id);

CREATE INDEX users_by_status ON public.users USING btree (status, role_id, team_id);

CREATE INDEX users_by_team ON public.users USING btree (team_id);

CREATE INDEX users_search ON public.users USING gin (search public.gin_trgm_ops);

CREATE INDEX users_temporary ON public.users USING btree (temporary_password_expires_at) WHERE ((temporary_password_expires_at IS NOT NULL) AND (temporary_password_died_at IS NULL));

CREATE TRIGGER built_in_role BEFORE DELETE OR UPDATE ON public.roles FOR EACH ROW WHEN (old.built_in) EXECUTE FUNCTION public.refuse_change_of_built_in_role();

CREATE TRIGGER chain_activity BEFORE INSERT ON public.activity_log FOR EACH ROW EXECUTE FUNCTION public.chain_activity();

CREATE TRIGGER end_sessions_of_the_shut_out AFTER UPDATE OF status ON public.users FOR EACH ROW WHEN (((old.status = 'active'::text) AND (new.status <> 'active'::text))) EXECUTE FUNCTION public.end_sessions_of_the_shut_out();

CREATE TRIGGER keep_an_owner AFTER DELETE OR UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.keep_an_owner();

CREATE TRIGGER move_epoch BEFORE UPDATE ON public.users FOR EACH ROW WHEN ((((old.email IS DISTINCT FROM new.email) OR (old.status IS DISTINCT FROM new.status)) OR (old.role_id IS DISTINCT FROM new.role_id))) EXECUTE FUNCTION public.move_epoch();

CREATE TRIGGER never_changed BEFORE DELETE OR UPDATE ON public.activity_log FOR EACH ROW EXECUTE FUNCTION public.refuse_rewriting();

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON public.activity_log FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_rewriting();

CREATE TRIGGER note_campaign_change AFTER UPDATE OF password_hash ON public.users FOR EACH ROW WHEN (((new.password_changed_at IS DISTINCT FROM old.password_changed_at) AND (new.password_method <> 'admin'::text))) EXECUTE FUNCTION public.note_campaign_change();

CREATE TRIGGER removals_are_true BEFORE INSERT ON public.activity_log FOR EACH ROW WHEN (((new.details ->> 'automation'::text) = 'activity_retention'::text)) EXECUTE FUNCTION public.refuse_made_up_removal();

ALTER TABLE ONLY public.automation_deeds
    ADD CONSTRAINT automation_deeds_automation_fkey FOREIGN KEY (automation) REFERENCES public.automations(key);

ALTER TABLE ONLY public.automation_deeds
    ADD CONSTRAINT automation_deeds_run_id_fkey FOREIGN KEY (run_id) REFERENCES public.automation_runs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.automation_deeds
    ADD CONSTRAINT automation_deeds_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.automation_exemptions
    ADD CONSTRAINT automation_exemptions_automation_fkey FOREIGN KEY (automation) REFERENCES public.automations(key);

ALTER TABLE ONLY public.automation_exemptions
    ADD CONSTRAINT automation_exemptions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.automation_runs
    ADD CONSTRAINT automation_runs_acts_for_fkey FOREIGN KEY (acts_for) REFERENCES public.users(id);

ALTER TABLE ONLY public.automation_runs
    ADD CONSTRAINT automation_runs_automation_fkey FOREIGN KEY (automation) REFERENCES public.automations(key);

ALTER TABLE ONLY public.automations
    ADD CONSTRAINT automations_acts_for_fkey FOREIGN KEY (acts_for) REFERENCES public.users(id);

ALTER TABLE ONLY public.automations
    ADD CONSTRAINT automations_switched_by_fkey FOREIGN KEY (switched_by) REFERENCES public.users(id);

ALTER TABLE ONLY public.campaign_choices
    ADD CONSTRAINT campaign_choices_chosen_by_fkey FOREIGN KEY (chosen_by) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.campaign_people
    ADD CONSTRAINT campaign_people_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES public.campaigns(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.campaign_people
    ADD CONSTRAINT campaign_people_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES public.letters(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.campaign_people
    ADD CONSTRAINT campaign_people_link_id_fkey FOREIGN KEY (link_id) REFERENCES public.links(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.campaign_people
    ADD CONSTRAINT campaign_people_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.campaigns
    ADD CONSTRAINT campaigns_acts_for_fkey FOREIGN KEY (acts_for) REFERENCES public.users(id);

ALTER TABLE ONLY public.campaigns
    ADD CONSTRAINT campaigns_started_by_fkey FOREIGN KEY (started_by) REFERENCES public.users(id);

ALTER TABLE ONLY public.impersonations
    ADD CONSTRAINT impersonations_impersonator_id_fkey FOREIGN KEY (impersonator_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.impersonations
    ADD CONSTRAINT impersonations_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.impersonations
    ADD CONSTRAINT impersonations_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.import_rows
    ADD CONSTRAINT import_rows_import_id_fkey FOREIGN KEY (import_id) REFERENCES public.imports(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.imports
    ADD CONSTRAINT imports_started_by_fkey FOREIGN KEY (started_by) REFERENCES public.users(id);

ALTER TABLE ONLY public.known_devices
    ADD CONSTRAINT known_devices_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.letters
    ADD CONSTRAINT letters_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES public.campaigns(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.links
    ADD CONSTRAINT links_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_password_changed_by_fkey FOREIGN KEY (password_changed_by) REFERENCES public.users(id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_role_id_fkey FOREIGN KEY (role_id) REFERENCES public.roles(id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_team_id_fkey FOREIGN KEY (team_id) REFERENCES public.teams(id);

ALTER TABLE graphile_worker._private_job_queues ENABLE ROW LEVEL SECURITY;

ALTER TABLE graphile_worker._private_jobs ENABLE ROW LEVEL SECURITY;

ALTER TABLE graphile_worker._private_known_crontabs ENABLE ROW LEVEL SECURITY;

ALTER TABLE graphile_worker._private_tasks ENABLE ROW LEVEL SECURITY;

CREATE POLICY fieldkey_app ON graphile_worker._private_job_queues TO fieldkey_app USING (true);

CREATE POLICY fieldkey_app ON graphile_worker._private_jobs TO fieldkey_app USING (true);

CREATE POLICY fieldkey_app ON graphile_worker._private_known_crontabs TO fieldkey_app USING (true);

CREATE POLICY fieldkey_app ON graphile_worker._private_tasks TO fieldkey_app USING (true);

GRANT USAGE ON SCHEMA graphile_worker TO fieldkey_app;

GRANT USAGE ON SCHEMA public TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE graphile_worker._private_jobs TO fieldkey_app;

GRANT SELECT,INSERT ON TABLE public.activity_log TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE graphile_worker._private_job_queues TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE graphile_worker._private_known_crontabs TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE graphile_worker._private_tasks TO fieldkey_app;

GRANT SELECT,USAGE ON SEQUENCE graphile_worker.job_queues_id_seq TO fieldkey_app;

GRANT SELECT ON TABLE graphile_worker.jobs TO fieldkey_app;

GRANT SELECT,USAGE ON SEQUENCE graphile_worker.jobs_id_seq1 TO fieldkey_app;

GRANT SELECT ON TABLE graphile_worker.migrations TO fieldkey_app;

GRANT SELECT,USAGE ON SEQUENCE graphile_worker.tasks_id_seq TO fieldkey_app;

GRANT SELECT,INSERT ON TABLE public.activity_checks TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.automation_deeds TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.automation_exemptions TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.automation_runs TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.automations TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.campaign_choices TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.campaign_people TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.campaigns TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.canned_responses TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.company TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.evidence_keys TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.impersonations TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.import_rows TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.imports TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.known_devices TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.letters TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.links TO fieldkey_app;

GRANT SELECT ON TABLE public.migrations TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.password_failures TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rate_limits TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.roles TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.session_data TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sessions TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.teams TO fieldkey_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.users TO fieldkey_app;

