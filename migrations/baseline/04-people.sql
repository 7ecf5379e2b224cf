create table teams (
  id uuid primary key default gen_random_uuid(),
  name text not null unique check (length(name) between 1 and 80)
);
create unique index teams_by_name on teams (lower(name));

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
  -- A temporary password must be replaced. Unless it is, it expires at this time.
  temporary_password_expires_at timestamptz,
  temporary_password_expired_at timestamptz,
  -- Rises with each change of the password, email, status or role. Sessions and links of a lower version are invalid.
  credential_version int not null default 0,
  last_sign_in_at timestamptz,
  created_at timestamptz not null default now(),
  search text not null generated always as (lower(name || ' ' || email || ' ' || coalesce(phone, ''))) stored,
  -- The password reached its maximum age: a new one is required at the next sign-in, and in open sessions after the grace.
  password_expired_at timestamptz,
  password_grace_until timestamptz,
  -- The last five that may not be chosen again: temporary, replaced by an admin, or known to somebody else.
  retired_hashes text[] not null default '{}' check (cardinality(retired_hashes) <= 5),
  check (temporary_password_expired_at is null or temporary_password_expires_at is not null),
  check ((password_expired_at is null) = (password_grace_until is null))
);
create index users_by_name on users (name collate "und-x-icu", id);
create index users_search on users using gin (search gin_trgm_ops);
create index users_by_role on users (role_id);
create index users_by_team on users (team_id);
create index users_by_mailbox on users (mailbox(email));
-- The list of people counts those of each status without reading their rows.
create index users_by_status on users (status, role_id, team_id);
create index users_temporary on users (temporary_password_expires_at)
  where temporary_password_expires_at is not null and temporary_password_expired_at is null;

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

-- A change of email, status or role invalidates everything that was issued for the account before.
create function raise_credential_version() returns trigger language plpgsql as $$
begin
  new.credential_version := greatest(new.credential_version, old.credential_version + 1);
  return new;
end $$;
create trigger raise_credential_version before update on users for each row
  when ((old.email, old.status, old.role_id) is distinct from (new.email, new.status, new.role_id))
  execute function raise_credential_version();

-- An account that was in use is not invited again: the right to manage users alone could send the invitation elsewhere.
create function never_invite_again() returns trigger language plpgsql as $$
begin
  raise exception 'An account that was in use is not invited again'
    using errcode = 'check_violation', constraint = 'never_invite_again';
end $$;
create trigger never_invite_again before update of status on users for each row
  when (old.status <> 'invited' and new.status = 'invited'
    and (old.password_hash is not null or old.password_changed_at is not null))
  execute function never_invite_again();

-- Files of fieldworkers: what was in them, what was wrong, and how far the import is.
create table imports (
  id uuid primary key default gen_random_uuid(),
  started_by uuid not null references users,
  file_name text not null check (length(file_name) between 1 and 200),
  status text not null default 'checked' check (status in ('checked', 'queued', 'done', 'stopped')),
  good int not null check (good >= 0),
  bad int not null check (bad >= 0),
  -- How many are ready. The one transaction that creates them is still open, so none can be seen yet.
  done int not null default 0 check (done between 0 and good),
  -- Why it stopped, or is retried.
  stop_reason reason,
  -- From where it was started, for the log entries of the people it creates.
  ip text,
  user_agent text,
  request_id text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  -- How the file was read, and how many of its good rows have a warning.
  understood jsonb not null default '{}',
  warned int not null default 0 check (warned >= 0)
);
create index imports_of_starter on imports (started_by, created_at desc);

-- The rows of a file, by line. Those that became people are deleted; the problems of the others stay for a while.
create table import_rows (
  import_id uuid not null references imports on delete cascade,
  line int not null,
  name text not null,
  email text not null,
  phone text,
  team text not null,
  team_id uuid,
  problems reasons,
  warning reason,
  primary key (import_id, line)
);
