-- One row for each device that signed in, kept after it ended. The carrier (cookie to data) is session_data.
create table sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users on delete cascade,
  remembered boolean not null,
  started_at timestamptz not null default now(),
  password_proven_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  ends_at timestamptz not null,
  ended_at timestamptz,
  ip text,
  user_agent text
);
create index sessions_open on sessions (user_id) where ended_at is null;

-- The table of connect-pg-simple.
create table session_data (
  sid text primary key,
  sess jsonb not null,
  expire timestamptz not null
);
create index session_data_by_expire on session_data (expire);

-- Wrong passwords in a row, by account; the key is an HMAC, so that the table names nobody.
create table password_failures (
  key bytea primary key,
  failures int not null,
  open_at timestamptz not null,
  last_at timestamptz not null default now()
);

-- The table of rate-limiter-flexible.
create table rate_limits (
  key text primary key,
  points int not null default 0,
  expire bigint
);
