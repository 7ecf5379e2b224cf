-- One row for each device that signed in, kept after it ended.
create table sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users on delete cascade,
  remembered boolean not null,
  started_at timestamptz not null default now(),
  reauthenticated_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  ends_at timestamptz not null,
  ended_at timestamptz,
  ip text,
  user_agent text,
  -- The version of the account whose password was entered. Once that is higher, the password proves nothing.
  reauthenticated_version int
);
create index sessions_open on sessions (user_id) where ended_at is null;
create index sessions_of_user on sessions (user_id);
create index sessions_by_end on sessions (coalesce(ended_at, ends_at));

-- The table of connect-pg-simple: from cookie to data.
create table session_data (
  sid text primary key,
  sess jsonb not null,
  expire timestamptz not null,
  session_id uuid generated always as ((sess #>> '{passport,user}')::uuid) stored references sessions on delete cascade
);
create index session_data_by_expire on session_data (expire);
create unique index session_data_of_session on session_data (session_id);

-- Session cookies that were replaced a moment ago. Such a cookie ends its session and opens nothing: a request that was
-- already on its way with it may be a sign-out. Only the hash of its id is here.
create table replaced_cookies (
  sid_hash bytea primary key check (length(sid_hash) = 32),
  session_id uuid not null references sessions on delete cascade,
  -- Of the forms that were open in other tabs.
  csrf_secret text,
  replaced_at timestamptz not null default now()
);
create index replaced_cookies_of_session on replaced_cookies (session_id);
create index replaced_cookies_by_age on replaced_cookies (replaced_at);

-- Login as this user: while a row is open, its session works in the account of another person. It is not a session of
-- that account, so it is in no list of its devices. How long the session itself lasts does not change.
create table impersonations (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references sessions on delete cascade,
  impersonator_id uuid not null references users on delete cascade,
  user_id uuid not null references users on delete cascade check (user_id <> impersonator_id),
  reason text not null check (length(reason) between 1 and 300),
  -- Both accounts as they were: a change of either ends it.
  impersonator_credential_version int not null,
  user_credential_version int not null,
  started_at timestamptz not null default now(),
  ends_at timestamptz not null check (ends_at <= started_at + interval '60 minutes'),
  -- All sessions of the account were ended meanwhile; this ends with them.
  sessions_ended_at timestamptz,
  -- Set once, by the first request or job that sees it is over, together with its entry in the activity log.
  ended_at timestamptz check (ended_at >= started_at),
  end_reason reason,
  -- When the browser was told, and so was back in the admin's own account.
  acknowledged_at timestamptz,
  check ((ended_at is null) = (end_reason is null)),
  check (acknowledged_at is null or ended_at is not null)
);
create unique index impersonation_in_session on impersonations (session_id) where acknowledged_at is null;
create index impersonations_of_user on impersonations (user_id) where ended_at is null;

-- An ended session is over for good, with its cookie and all that was kept for it.
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

-- People who may no longer sign in are signed out for good: activating the account again revives no session.
create function end_sessions_unless_active() returns trigger language plpgsql as $$
begin
  update sessions set ended_at = now() where user_id = new.id and ended_at is null;
  return null;
end $$;
create trigger end_sessions_unless_active after update of status on users for each row
  when (old.status = 'active' and new.status <> 'active') execute function end_sessions_unless_active();

-- Browsers that an account signed in with before. Knowing one grants nothing: wrong attempts of strangers do not count
-- against it, and a sign-in from any other is emailed to the account. The cookie lasts a year from its last sign-in.
create table known_devices (
  user_id uuid not null references users on delete cascade,
  device bytea not null check (length(device) = 32),
  first_seen_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  primary key (user_id, device)
);

-- Wrong passwords in a row, by account and device; the account is an HMAC, so that the table names nobody.
create table password_failures (
  account bytea not null,
  device bytea not null default '',
  failures int not null,
  open_at timestamptz not null,
  last_at timestamptz not null default now(),
  primary key (account, device)
);

-- Single-use links. The token is derived from a key of the environment when the email is delivered. Only its hash is
-- stored, from then on, so neither this table, its backups nor the queue of emails opens an account.
create table links (
  id uuid primary key default gen_random_uuid(),
  purpose text not null check (purpose in ('reset', 'verify', 'email_change', 'not_me', 'invite', 'campaign')),
  user_id uuid not null references users on delete cascade,
  email_at_issue text not null,
  credential_version int not null,
  nonce bytea not null check (length(nonce) = 32),
  token_hash bytea unique check (length(token_hash) = 32),
  new_email text check (new_email = lower(new_email)),
  leads_to text,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  used_at timestamptz,
  superseded_at timestamptz,
  -- The campaign that it was emailed for, so that opening it counts there.
  campaign_id uuid
);
create index links_of_user on links (user_id, purpose) where used_at is null and superseded_at is null;
