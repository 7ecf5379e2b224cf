-- Session cookies that another one took the place of a moment ago. Such a cookie ends its session, and opens nothing:
-- a request that was already on its way with it may be a sign-out. Here is only the hash of its id.
create table replaced_cookies (
  sid_hash bytea primary key check (length(sid_hash) = 32),
  session_id uuid not null references sessions on delete cascade,
  -- Of the forms that were open in other tabs.
  csrf_secret text,
  replaced_at timestamptz not null default now()
);
create index replaced_cookies_of_session on replaced_cookies (session_id);
create index replaced_cookies_by_age on replaced_cookies (replaced_at);
