create extension if not exists pg_trgm;

create table teams (
  id uuid primary key default gen_random_uuid(),
  name text not null unique check (length(name) between 1 and 80)
);

create table roles (
  id uuid primary key default gen_random_uuid(),
  name text not null unique check (length(name) between 1 and 80),
  kind text not null check (kind in ('office', 'fieldworker')),
  scope text not null check (scope in ('company', 'team')),
  permissions text[] not null check (permissions <@ array[
    'users.view', 'users.manage', 'passwords.change', 'users.impersonate', 'activity.view', 'activity.export',
    'campaigns.manage', 'automations.manage', 'roles.manage', 'settings.manage']),
  built_in boolean not null default false
);

insert into roles (name, kind, scope, permissions, built_in) values
  ('Owner', 'office', 'company', '{users.view,users.manage,passwords.change,users.impersonate,activity.view,activity.export,campaigns.manage,automations.manage,roles.manage,settings.manage}', true),
  ('Admin', 'office', 'company', '{users.view,users.manage,passwords.change,users.impersonate,activity.view,activity.export,campaigns.manage,automations.manage,settings.manage}', true),
  ('Dispatcher', 'office', 'team', '{users.view,passwords.change}', true),
  ('Auditor', 'office', 'company', '{activity.view,activity.export}', true),
  ('Fieldworker', 'fieldworker', 'company', '{}', true);

create table users (
  id uuid primary key default gen_random_uuid(),
  name text not null check (length(name) between 1 and 120),
  email text not null unique check (email = lower(email) and email like '%_@_%'),
  phone text check (length(phone) between 3 and 40),
  role_id uuid not null references roles,
  team_id uuid references teams,
  status text not null default 'invited' check (status in ('invited', 'active', 'inactive', 'blocked')),
  status_changed_at timestamptz not null default now(),
  email_verified_at timestamptz,
  password_hash text check (password_hash like '$argon2id$%'),
  password_changed_at timestamptz,
  password_changed_by uuid references users,
  password_method text check (password_method in ('admin', 'self', 'mobile', 'reset_link', 'forced', 'invitation')),
  -- A temporary password must be replaced, and dies at this moment unless it is.
  temporary_password_expires_at timestamptz,
  temporary_password_died_at timestamptz,
  -- Moves on with every change of the password; what was made under an older one (sessions, links) is dead.
  auth_epoch int not null default 0,
  last_sign_in_at timestamptz,
  created_at timestamptz not null default now(),
  search text not null generated always as (lower(name || ' ' || email || ' ' || coalesce(phone, ''))) stored,
  check (temporary_password_died_at is null or temporary_password_expires_at is not null)
);
create index users_by_name on users (name collate "und-x-icu", id);
create index users_search on users using gin (search gin_trgm_ops);
create index users_by_role on users (role_id);
create index users_by_team on users (team_id);
create index users_temporary on users (temporary_password_expires_at)
  where temporary_password_expires_at is not null and temporary_password_died_at is null;

-- There is always at least one active Owner. The lock makes two concurrent demotions wait for each other.
create function keep_an_owner() returns trigger language plpgsql as $$
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
create trigger keep_an_owner after update or delete on users for each row execute function keep_an_owner();

create function refuse_change_of_built_in_role() returns trigger language plpgsql as $$
begin
  raise exception 'A built-in role cannot be changed' using errcode = 'check_violation', constraint = 'built_in_role';
end $$;
create trigger built_in_role before update or delete on roles for each row when (old.built_in)
  execute function refuse_change_of_built_in_role();
