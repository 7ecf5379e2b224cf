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

-- Why the program did something, as a code with its parameters: {"code": "not_allowed", "name": "Ada Admin"}. The code
-- is of the module's `reason-texts.ts`, which makes the sentence. A sentence is no code, so no row can hold one.
create domain reason as jsonb check (
  value is null or (jsonb_typeof(value) = 'object' and coalesce(value ->> 'code', '') ~ '^[a-z][a-z0-9_]*$'));
create domain reasons as jsonb check (
  value is null or (jsonb_typeof(value) = 'array' and jsonb_array_length(value) > 0 and jsonb_array_length(value) =
    jsonb_array_length(jsonb_path_query_array(value, 'lax $[*] ? (@.code like_regex "^[a-z][a-z0-9_]*$")'))));

-- Reasons were sentences. The code of the first known sentence that fits, with its parameters. One that is not known is
-- kept as it is, under the code `other`.
create function pg_temp.as_reason(sentence text, variadic known text[]) returns reason language plpgsql as $$
declare
  found text[];
  made jsonb;
begin
  if sentence is null then return null; end if;
  -- Each known sentence is a pattern, the code, and the names of what it captures.
  for i in 1 .. cardinality(known) by 3 loop
    found := regexp_match(sentence, '^' || known[i] || '\.?$');
    continue when found is null;
    made := jsonb_build_object('code', known[i + 1]);
    if known[i + 2] <> '' then
      select made || jsonb_object_agg(name, found[nr]) into made
      from unnest(string_to_array(known[i + 2], ' ')) with ordinality as names(name, nr);
    end if;
    return made;
  end loop;
  return jsonb_build_object('code', 'other', 'text', regexp_replace(sentence, '\.$', ''));
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
alter table imports add column stop_reason reason;
update imports set stop_reason = pg_temp.as_reason(problem,
  'Whoever started it can no longer sign in\. Nobody was imported', 'starter_not_active', '',
  'Whoever started it may no longer import people\. Nobody was imported', 'starter_not_allowed', '',
  'Whoever started it no longer reaches the team (.+)\. Nobody was imported', 'team_not_allowed', 'team',
  'Whoever started it no longer reaches people without a team\. Nobody was imported', 'teamless_not_allowed', '',
  'A team of the file is no longer there\. Nobody was imported', 'team_deleted', '',
  'Since the file was checked, other accounts took these addresses: (.+) and (\d+) more\. Upload the file again\. Nobody was imported',
    'more_addresses_taken', 'addresses more',
  'Since the file was checked, other accounts took these addresses: (.+)\. Upload the file again\. Nobody was imported',
    'addresses_taken', 'addresses',
  'It failed on our side, again and again\. Nobody was imported', 'internal_error', '',
  'It failed on our side, and is tried again\. Nobody is imported yet', 'retrying', '');
alter table imports drop column problem;
alter table import_rows add column problems reasons, add column warning reason;
update import_rows set problems = jsonb_build_array(pg_temp.as_reason(problem,
  'Another account has this address', 'address_taken', '',
  'The name is missing', 'name_missing', '',
  'The address is missing', 'address_missing', '',
  'There is no team “([^”]+)”', 'unknown_team', 'team'))
  where problem is not null;
alter table import_rows drop column problem;

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
alter table emails add column failure_reason reason;
update emails set server_answer = null, failure_reason = '{"code": "link_replaced"}'
  where server_answer = 'Its link was replaced before it could leave';
update emails set server_answer = null, failure_reason = '{"code": "not_written"}'
  where server_answer = 'The link of this letter is gone' or server_answer like 'No letter is called %';
alter table emails add check (failure_reason is null or server_answer is null);
update emails set template = 'temporary_passwords_expired' where template = 'temporary_passwords_died';

-- The activity log. No row of it is changed. The types that it has are written here, the others by migrate.
create table event_types (
  name text primary key
);
insert into event_types select distinct event from activity_log;
alter table activity_log drop constraint activity_log_event;
drop function is_activity_event(text);
alter table activity_log add foreign key (event) references event_types;
-- Its entries from now on hold codes.
alter table activity_log add constraint activity_log_reason check (case
  when event in ('password_reset_requested', 'sign_in_failed', 'sign_in_throttled', 'impersonation_ended', 'mail_failed')
    then details ->> 'reason'
  when event = 'automation_run' then details ->> 'fault' end ~ '^[a-z][a-z0-9_]*$') not valid;
alter table activity_checks add column fault_reason reason;
update activity_checks set fault_reason = pg_temp.as_reason(fault, 'Entry 1 does not begin the chain: .+', 'start_replaced', '');
alter table activity_checks drop column fault;
alter table activity_checks rename column fault_reason to fault;
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

alter table impersonations add column end_reason reason;
update impersonations set end_reason = pg_temp.as_reason(ended_because,
  'Returned', 'returned', '',
  'Signed out', 'signed_out', '',
  '(.+) is blocked', 'blocked', 'name',
  '(.+) is inactive', 'inactive', 'name',
  '(.+) is invited', 'invited', 'name',
  'The password of (.+) was changed', 'password_changed', 'name',
  '(.+) was signed out', 'admin_signed_out', 'name',
  'The sessions of (.+) were ended', 'sessions_ended', 'name',
  '(.+) may no longer work as (.+)', 'not_allowed', 'name target',
  'The account of (.+) was changed', 'account_changed', 'name',
  'The time was up', 'expired', '',
  'Nothing was done for (\d+) minutes', 'idle', 'idle_minutes',
  'The session of (.+) was over', 'admin_session_expired', 'name');
-- It was the admin's own password or account, unless both people have one name.
update impersonations set end_reason = jsonb_set(end_reason, '{code}', to_jsonb('admin_' || (end_reason ->> 'code')))
  from users b, users u
  where b.id = impersonator_id and u.id = user_id and end_reason ->> 'code' in ('password_changed', 'account_changed')
    and end_reason ->> 'name' = b.name and b.name <> u.name;
alter table impersonations drop column ended_because;
alter table impersonations add check ((ended_at is null) = (end_reason is null));

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
alter table campaigns add column slowed_answer text;
-- What the mail server said, which 0.1.0 waited for when it was away.
alter table campaigns rename column held_because to held_answer;
update campaigns set held_by = 'away' where held_answer is not null;
alter table campaigns add column pause_reason reason;
update campaigns set pause_reason = pg_temp.as_reason(paused_because, '(.+) may not run campaigns any more', 'not_allowed', 'name');
alter table campaigns drop column paused_because;

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
alter table automations add column stop_reason reason;
update automations set stop_reason = pg_temp.as_reason(stopped_because, '(.+) may not do this any more', 'not_allowed', 'name');
alter table automations drop column stopped_because;
alter table automation_runs add column stop_reason reason;
update automation_runs set stop_reason = pg_temp.as_reason(error,
  'It was switched off meanwhile', 'turned_off', '',
  '(.+) may not do this any more', 'not_allowed', 'name',
  'A fault on our side, which the server’s log tells under run (.+)', 'internal_error', 'run_id');
alter table automation_runs drop column error;
alter table automation_deeds rename to automation_actions;
alter table automation_actions rename constraint automation_deeds_pkey to automation_actions_pkey;
alter table automation_actions rename constraint automation_deeds_automation_fkey to automation_actions_automation_fkey;
alter table automation_actions rename constraint automation_deeds_user_id_fkey to automation_actions_user_id_fkey;
alter table automation_actions rename constraint automation_deeds_run_id_fkey to automation_actions_run_id_fkey;
alter index automation_deeds_by_time rename to automation_actions_by_time;

drop function pg_temp.as_reason(text, text[]);

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
