-- The keys that sign evidence packs. The private half stands here only sealed with a key of the environment, or not at
-- all where the environment gives it: a copy of the database signs nothing. Retired keys stay, so that older packs can be checked.
create table evidence_keys (
  id uuid primary key default gen_random_uuid(),
  fingerprint text not null check (fingerprint ~ '^([0-9a-f]{4}-){15}[0-9a-f]{4}$'),
  public_key bytea not null,
  sealed_private_key bytea,
  made_at timestamptz not null default now(),
  retired_at timestamptz check (retired_at >= made_at)
);
create unique index evidence_key_in_use on evidence_keys ((true)) where retired_at is null;
