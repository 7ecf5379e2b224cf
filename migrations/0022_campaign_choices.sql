-- People who were ticked for a campaign, where they are too many for an address: kept for whoever ticked them, a day long.
create table campaign_choices (
  id uuid primary key default gen_random_uuid(),
  chosen_by uuid not null references users on delete cascade,
  chosen_at timestamptz not null default now(),
  user_ids uuid[] not null
);
