-- The codes that the office mails to check a caller, and what came of each check. The code itself is nowhere: it is
-- derived from the nonce, the row and a key of the environment each time it is needed (decision 60).
create table caller_checks (
  id uuid primary key default gen_random_uuid(),
  -- The caller, and who in the office checks them. Nobody else can answer or use the check.
  user_id uuid not null references users on delete cascade,
  office_id uuid not null references users on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  -- Null if the office stated the outcome without a code.
  nonce bytea check (length(nonce) = 32),
  email text,
  -- The link in the email with which its reader says that they did not call.
  link_id uuid references links on delete set null,
  tries int not null default 0 check (tries between 0 and 3),
  -- Why a code no longer works: a newer one, three wrong ones, or its reader did not call.
  ended text check (ended in ('replaced', 'wrong', 'refused')),
  outcome text check (outcome in ('code', 'recognised', 'not_checked')),
  reason text check (length(reason) between 1 and 300),
  outcome_at timestamptz,
  -- The one action that the outcome was used for.
  used_at timestamptz,
  check ((nonce is null) = (email is null)),
  check ((outcome is null) = (outcome_at is null)),
  check (outcome <> 'code' or nonce is not null),
  check (nonce is not null or outcome is not null),
  check (outcome <> 'not_checked' or reason is not null),
  check (used_at is null or outcome is not null)
);
-- A person has one code at a time.
create unique index caller_checks_open on caller_checks (user_id) where outcome is null and ended is null;
create index caller_checks_of_user on caller_checks (user_id, office_id, created_at);

alter table company add caller_check text not null default 'off' check (caller_check in ('off', 'required'));
