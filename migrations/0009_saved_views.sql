-- Names that people give to an address of a list or of the log, each for themselves.
create table saved_views (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references users on delete cascade,
  -- The page, and the rest of the address.
  path text not null,
  query text not null check (length(query) <= 1000),
  name text not null check (length(name) between 1 and 40),
  created_at timestamptz not null default now()
);
create unique index saved_views_by_name on saved_views (user_id, path, lower(name));
