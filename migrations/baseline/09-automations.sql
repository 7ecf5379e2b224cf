-- Automations ▸ Security: off until somebody switches them on. `npm run migrate` writes a row for each in
-- src/automations/definitions.ts, with its first settings.
create table automations (
  key text primary key,
  switched_on boolean not null default false,
  switched_at timestamptz,
  switched_by uuid references users,
  reason text check (length(reason) between 1 and 300),
  -- Whose permissions it uses: of the person who last switched it on or changed it.
  run_as uuid references users,
  -- Why it switched itself off.
  stop_reason reason,
  every text not null check (every in ('hour', 'day', 'weekday')),
  run_at time not null default '07:00',
  people_a_day int not null check (people_a_day between 1 and 10000),
  -- Empty means all.
  role_ids uuid[] not null default '{}',
  team_ids uuid[] not null default '{}',
  -- The age of a password or of the last sign-in, for automations that have one.
  days int check (days between 30 and 1095),
  grace_hours int check (grace_hours between 1 and 72),
  days_ahead int[] check (cardinality(days_ahead) between 1 and 5),
  -- Of the settings and the switch: no scheduled run before it is made up for.
  changed_at timestamptz not null default now(),
  version int not null default 1,
  check (not switched_on or (switched_at is not null and switched_by is not null and run_as is not null and reason is not null))
);

-- People whom an automation skips, whatever their role and team.
create table automation_exemptions (
  automation text not null references automations,
  user_id uuid not null references users on delete cascade,
  primary key (automation, user_id)
);

create table automation_runs (
  id uuid primary key default gen_random_uuid(),
  automation text not null references automations,
  -- The scheduled time; null if somebody started it by hand.
  turn timestamptz,
  run_as uuid not null references users,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  people int not null default 0,
  -- How many it found but left for another day.
  left_over int,
  -- Why it stopped, or is tried again.
  stop_reason reason,
  unique (automation, turn)
);
create index automation_runs_newest on automation_runs (automation, started_at desc);

-- Each person once for each occasion, however many workers run.
create table automation_actions (
  automation text not null references automations,
  user_id uuid not null references users on delete cascade,
  occasion text not null,
  run_id uuid not null references automation_runs on delete cascade,
  at timestamptz not null default now(),
  primary key (automation, user_id, occasion)
);
create index automation_actions_by_time on automation_actions (automation, at);
