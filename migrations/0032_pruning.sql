-- What is pruned is found by its age, and what hangs on it by the index of its key.
create index sessions_by_end on sessions (coalesce(ended_at, ends_at));
create index sessions_of_user on sessions (user_id);
create index campaign_people_by_link on campaign_people (link_id) where link_id is not null;
create index campaign_people_by_letter on campaign_people (letter_id) where letter_id is not null;

-- The cookie of a browser lasts a year from its last sign-in, so its row is of use no longer than that.
alter table known_devices add last_seen_at timestamptz not null default now();
