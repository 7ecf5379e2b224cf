-- Brings a database made by 0.1.0 to where the files in migrations/baseline bring a new one. Runs once, in one
-- transaction, in place of them. test/platform/upgrade.test.ts compares the two.

-- Text functions.
create or replace function csv_cell(value text) returns text language sql immutable parallel safe as $$
  select case when value ~ '^(''*[\s\u00a0\ufeff]*([-=+@\uff1d\uff0b\uff0d\uff20]|0[0-9])|[\t\r\n])' then '''' || value else value end
$$;

create function canonical_address(written text) returns text language plpgsql immutable as $$
declare
  whole text := trim(both '"' from btrim(written));
  attempt text;
begin
  if whole is null or whole ~ '^\d{1,3}(\.\d{1,3}){3}$' then return whole; end if;
  -- As it stands first: the end of an IPv6 address may look like a port.
  foreach attempt in array array[whole, regexp_replace(whole, ':\d{0,5}$', '')] loop
    begin
      attempt := regexp_replace(regexp_replace(attempt, '^\[(.*)\]$', '\1'), '%.*$', '');
      if attempt !~ '/' then
        return regexp_replace(host(attempt::inet), '^::ffff:(?=\d+\.)', '');
      end if;
    exception when others then null;
    end;
  end loop;
  return written;
end $$;

-- Roles. The permissions and the built-in roles are rows that migrate writes.
create table permissions (
  name text primary key
);

alter table roles drop constraint roles_permissions_check;

create function refuse_unknown_permissions() returns trigger language plpgsql as $$
begin
  if not new.permissions <@ array(select name from permissions) then
    raise exception 'A role has a permission that does not exist'
      using errcode = 'check_violation', constraint = 'known_permissions';
  end if;
  return new;
end $$;
create trigger known_permissions before insert or update of permissions on roles for each row
  execute function refuse_unknown_permissions();

create or replace function refuse_change_of_built_in_role() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and current_setting('fieldkey.migrating', true) = 'yes'
     and pg_has_role(current_user, (select relowner from pg_class where oid = tg_relid), 'usage') then
    return new;
  end if;
  raise exception 'A built-in role cannot be changed' using errcode = 'check_violation', constraint = 'built_in_role';
end $$;

-- People.
alter table users rename column auth_epoch to credential_version;
alter table users rename column temporary_password_died_at to temporary_password_expired_at;

drop trigger move_epoch on users;
drop function move_epoch();
create function raise_credential_version() returns trigger language plpgsql as $$
begin
  new.credential_version := greatest(new.credential_version, old.credential_version + 1);
  return new;
end $$;
create trigger raise_credential_version before update on users for each row
  when ((old.email, old.status, old.role_id) is distinct from (new.email, new.status, new.role_id))
  execute function raise_credential_version();

-- An account that was in use is not invited again. People who pressed "It was not me" and were blocked and unblocked
-- since became invited; they are active.
update users set status = 'active', status_changed_at = now()
  where status = 'invited' and password_hash is null and password_changed_at is not null;

create function never_invite_again() returns trigger language plpgsql as $$
begin
  raise exception 'An account that was in use is not invited again'
    using errcode = 'check_violation', constraint = 'never_invite_again';
end $$;
create trigger never_invite_again before update of status on users for each row
  when (old.status <> 'invited' and new.status = 'invited'
    and (old.password_hash is not null or old.password_changed_at is not null))
  execute function never_invite_again();

update imports set ip = canonical_address(ip) where ip is distinct from canonical_address(ip);
alter table imports
  add column understood jsonb not null default '{}',
  add column warned int not null default 0 check (warned >= 0);
alter table import_rows add column warning text;

-- Emails. Which failures count against an address is decided from the server's answer.
alter table letters rename to emails;
alter table emails rename constraint letters_pkey to emails_pkey;
alter table emails rename constraint letters_status_check to emails_status_check;
alter table emails rename constraint letters_user_id_fkey to emails_user_id_fkey;
alter index letters_newest rename to emails_newest;
alter index letters_of_user rename to emails_of_user;
alter index letters_by_template rename to emails_by_template;
alter index letters_by_status rename to emails_by_status;
alter index letters_by_receiver rename to emails_by_recipient;
alter index letters_by_address rename to emails_by_address;
alter table emails add column not_a_bounce boolean not null default false;
update emails set not_a_bounce = true
  where status = 'failed'
    and (server_answer is null or server_answer !~ '\m5\.(1\.[0-46]|1\.10|2\.[0124]|7\.1[78])\M');
update emails set template = 'temporary_passwords_expired' where template = 'temporary_passwords_died';

-- The activity log. No row of it is changed. The types that it has are written here, the others by migrate.
create table event_types (
  name text primary key
);
insert into event_types select distinct event from activity_log;
alter table activity_log drop constraint activity_log_event;
drop function is_activity_event(text);
alter table activity_log add foreign key (event) references event_types;
create index activity_log_by_other_spelling on activity_log (canonical_address(ip), ip) where ip <> canonical_address(ip);

-- Sessions.
alter table sessions rename column password_proven_at to reauthenticated_at;
alter table sessions add column reauthenticated_version int;
update sessions set ip = canonical_address(ip) where ip is distinct from canonical_address(ip);
create index sessions_by_end on sessions (coalesce(ended_at, ends_at));
create index sessions_of_user on sessions (user_id);

-- An ended session loses its cookie. Of two cookies of one session, one was brought back after it was replaced, and
-- nobody can say which: both go.
delete from session_data where sess #>> '{passport,user}' not in (select id::text from sessions where ended_at is null);
delete from session_data where sess #>> '{passport,user}' in (
  select sess #>> '{passport,user}' from session_data group by 1 having count(*) > 1);
alter table session_data add session_id uuid generated always as ((sess #>> '{passport,user}')::uuid) stored
  references sessions on delete cascade;
create unique index session_data_of_session on session_data (session_id);

create table replaced_cookies (
  sid_hash bytea primary key check (length(sid_hash) = 32),
  session_id uuid not null references sessions on delete cascade,
  csrf_secret text,
  replaced_at timestamptz not null default now()
);
create index replaced_cookies_of_session on replaced_cookies (session_id);
create index replaced_cookies_by_age on replaced_cookies (replaced_at);

alter table impersonations rename column told_at to acknowledged_at;
alter table impersonations rename column impersonator_epoch to impersonator_credential_version;
alter table impersonations rename column user_epoch to user_credential_version;

create function end_for_good() returns trigger language plpgsql as $$
begin
  if old.ended_at is not null and new.ended_at is null then
    raise exception 'An ended session stays ended' using errcode = 'check_violation', constraint = 'end_for_good';
  end if;
  delete from session_data where session_id = new.id;
  -- Nobody can come back with the cookie and so find out that it is over.
  if exists (select from impersonations where session_id = new.id and ended_at is null) then
    perform graphile_worker.add_job('close_impersonations', job_key => 'close_impersonations');
  end if;
  return null;
end $$;
create trigger end_for_good after update of ended_at on sessions for each row
  when (old.ended_at is distinct from new.ended_at) execute function end_for_good();

drop trigger end_sessions_of_the_shut_out on users;
drop function end_sessions_of_the_shut_out();
create function end_sessions_unless_active() returns trigger language plpgsql as $$
begin
  update sessions set ended_at = now() where user_id = new.id and ended_at is null;
  return null;
end $$;
create trigger end_sessions_unless_active after update of status on users for each row
  when (old.status = 'active' and new.status <> 'active') execute function end_sessions_unless_active();

alter table known_devices add last_seen_at timestamptz not null default now();
alter table links rename column auth_epoch_at_issue to credential_version;

-- Campaigns.
alter table campaigns rename column acts_for to run_as;
alter table campaigns rename constraint campaigns_acts_for_fkey to campaigns_run_as_fkey;
alter table campaigns rename column letters_per_second to emails_per_second;
alter table campaigns rename constraint campaigns_letters_per_second_check to campaigns_emails_per_second_check;
alter table campaigns add column held_by text check (held_by in ('away', 'sender', 'slower'));
alter table campaigns add column slowed_because text;

alter table campaign_people rename column letter_id to email_id;
alter table campaign_people rename constraint campaign_people_letter_id_fkey to campaign_people_email_id_fkey;
alter table campaign_people rename column excused to skip_reason;
alter table campaign_people rename constraint campaign_people_excused_check to campaign_people_skip_reason_check;
alter table campaign_people drop column state;
alter table campaign_people add column state text not null generated always as (case
  when skip_reason is not null then 'skipped' when changed_at is not null then 'changed'
  when opened_at is not null then 'opened' when sent_at is not null then 'sent'
  when failed_at is not null then 'failed' else 'queued' end) stored;
alter table campaign_people add column refused_since timestamptz;
create index campaign_people_by_link on campaign_people (link_id) where link_id is not null;
create index campaign_people_by_email on campaign_people (email_id) where email_id is not null;

create or replace function note_campaign_change() returns trigger language plpgsql as $$
begin
  update campaign_people set changed_at = now(), due_at = null
  where user_id = new.id and changed_at is null and skip_reason is null;
  return null;
end $$;

alter table campaign_choices rename to campaign_selections;
alter table campaign_selections rename constraint campaign_choices_pkey to campaign_selections_pkey;
alter table campaign_selections rename constraint campaign_choices_chosen_by_fkey to campaign_selections_chosen_by_fkey;

-- The canned responses that came with 0.1.0, in their new words. What the company wrote stays as it is.
with texts (name, body) as (values
  ('Season start', 'Hello {first_name},

The season is about to start. Please choose a new password for {company_name} before your first shift, so that you can sign in from the first day on.

{reset_link}

The link works once, for {expires_in}. Until you use it, your old password stays as it is.'),
  ('Reset your password', 'Hello {first_name},

Please choose a new password for your account at {company_name}.

{reset_link}

The link works once, for {expires_in}. Until you use it, your old password stays as it is. We never ask you for your password by email.'))
update canned_responses c
set body = case when c.body = c.original ->> 'body' then t.body else c.body end,
  original = jsonb_set(c.original, '{body}', to_jsonb(t.body))
from texts t where c.original ->> 'name' = t.name;

-- Automations.
alter table automations rename column acts_for to run_as;
alter table automations rename constraint automations_acts_for_fkey to automations_run_as_fkey;
alter table automation_runs rename column acts_for to run_as;
alter table automation_runs rename constraint automation_runs_acts_for_fkey to automation_runs_run_as_fkey;
alter table automation_deeds rename to automation_actions;
alter table automation_actions rename constraint automation_deeds_pkey to automation_actions_pkey;
alter table automation_actions rename constraint automation_deeds_automation_fkey to automation_actions_automation_fkey;
alter table automation_actions rename constraint automation_deeds_user_id_fkey to automation_actions_user_id_fkey;
alter table automation_actions rename constraint automation_deeds_run_id_fkey to automation_actions_run_id_fkey;
alter index automation_deeds_by_time rename to automation_actions_by_time;

-- Since PostgreSQL 18, "not null" is a constraint with a name, made of the first names of table and column.
do $$
declare old record;
begin
  for old in
    select conrelid::regclass as relation, conname, format('%s_%s_not_null', relname, attname) as final
    from pg_constraint join pg_class c on c.oid = conrelid join pg_attribute on attrelid = c.oid and attnum = conkey[1]
    where contype = 'n' and relnamespace = 'public'::regnamespace
      and conname <> format('%s_%s_not_null', relname, attname)
  loop
    execute format('alter table %s rename constraint %I to %I', old.relation, old.conname, old.final);
  end loop;
end $$;

-- Jobs that wait, and when each scheduled one last ran, go on under their new names.
do $$
declare renamed record;
begin
  if to_regclass('graphile_worker._private_tasks') is null then return; end if;
  for renamed in select * from (values
    ('deliver_letter', 'deliver_email'),
    ('answer_forgotten', 'answer_reset_request'),
    ('bury_temporary_passwords', 'expire_temporary_passwords'),
    ('tend_campaigns', 'restart_stalled_campaigns'),
    ('forget_old_limits', 'prune_rate_limits'),
    ('forget_old_imports', 'prune_imports')) as names(old, new)
  loop
    update graphile_worker._private_tasks set identifier = renamed.new where identifier = renamed.old;
    update graphile_worker._private_known_crontabs set identifier = renamed.new where identifier = renamed.old;
    update graphile_worker._private_jobs set key = renamed.new where key = renamed.old;
  end loop;
  update graphile_worker._private_jobs
    set payload = jsonb_build_object('emailId', payload::jsonb ->> 'letterId')::json
    where payload::jsonb ? 'letterId';
end $$;
