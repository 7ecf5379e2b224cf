-- Login as this user: while a row here is open, whoever holds its session works in the account of another. It is no
-- session of that account, so it stands in no list of its devices; how long the session itself lasts is untouched.
create table impersonations (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references sessions on delete cascade,
  impersonator_id uuid not null references users on delete cascade,
  user_id uuid not null references users on delete cascade check (user_id <> impersonator_id),
  reason text not null check (length(reason) between 1 and 300),
  -- Password, address, status and role of both as they were: whatever moves them on ends it.
  impersonator_epoch int not null,
  user_epoch int not null,
  started_at timestamptz not null default now(),
  ends_at timestamptz not null check (ends_at <= started_at + interval '60 minutes'),
  -- All sessions of the account were ended meanwhile; this is to end with them.
  sessions_ended_at timestamptz,
  -- Set once, by whoever is first to see that it is over, together with its entry in the activity log.
  ended_at timestamptz check (ended_at >= started_at),
  ended_because text,
  -- When the browser was told, and with that was back in its owner's account.
  told_at timestamptz,
  check ((ended_at is null) = (ended_because is null)),
  check (told_at is null or ended_at is not null)
);
create unique index impersonation_in_session on impersonations (session_id) where told_at is null;
create index impersonations_of_user on impersonations (user_id) where ended_at is null;
