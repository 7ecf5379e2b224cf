-- Single-use links. The token is made from a key of the environment when the letter is written; here stands only its
-- hash, from that moment on, so that neither this table, its backups nor the queue of letters opens an account.
create table links (
  id uuid primary key default gen_random_uuid(),
  purpose text not null check (purpose in ('reset', 'verify', 'email_change', 'not_me')),
  user_id uuid not null references users on delete cascade,
  email_at_issue text not null,
  auth_epoch_at_issue int not null,
  nonce bytea not null check (length(nonce) = 32),
  token_hash bytea unique check (length(token_hash) = 32),
  new_email text check (new_email = lower(new_email)),
  leads_to text,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  used_at timestamptz,
  superseded_at timestamptz
);
create index links_of_user on links (user_id, purpose) where used_at is null and superseded_at is null;

-- A change of address, status or role is an end to everything that was made for the account as it was before.
create function move_epoch() returns trigger language plpgsql as $$
begin
  new.auth_epoch := greatest(new.auth_epoch, old.auth_epoch + 1);
  return new;
end $$;
create trigger move_epoch before update on users for each row
  when ((old.email, old.status, old.role_id) is distinct from (new.email, new.status, new.role_id))
  execute function move_epoch();

-- Browsers that somebody signed in with before. Knowing one grants nothing: strangers' wrong tries do not count
-- against it, and a sign-in from any other is told to the owner by mail.
create table known_devices (
  user_id uuid not null references users on delete cascade,
  device bytea not null check (length(device) = 32),
  first_seen_at timestamptz not null default now(),
  primary key (user_id, device)
);

alter table password_failures rename key to account;
alter table password_failures add device bytea not null default '';
alter table password_failures drop constraint password_failures_pkey, add primary key (account, device);
