-- Files of fieldworkers: what was in them, what was found wrong, and how far taking them in has come.
create table imports (
  id uuid primary key default gen_random_uuid(),
  started_by uuid not null references users,
  file_name text not null check (length(file_name) between 1 and 200),
  status text not null default 'checked' check (status in ('checked', 'queued', 'done', 'stopped')),
  good int not null check (good >= 0),
  bad int not null check (bad >= 0),
  -- How many are ready to be there: told while the one transaction that makes them is under way, so nobody is there yet.
  done int not null default 0 check (done between 0 and good),
  -- Why it stopped, or is tried again, in words.
  problem text,
  -- From where it was started, for the record of those it makes.
  ip text,
  user_agent text,
  request_id text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz
);
create index imports_of_starter on imports (started_by, created_at desc);

-- The rows of a file, by their line. Those that became people are deleted; what was wrong with the others stays a while.
create table import_rows (
  import_id uuid not null references imports on delete cascade,
  line int not null,
  name text not null,
  email text not null,
  phone text,
  team text not null,
  team_id uuid,
  problem text,
  primary key (import_id, line)
);
