-- Automations ▸ Security: one row for each of the four, off until somebody switches it on. Each acts with the rights of
-- whoever switched it on or changed it last.
create table automations (
  key text primary key,
  switched_on boolean not null default false,
  switched_at timestamptz,
  switched_by uuid references users,
  reason text check (length(reason) between 1 and 300),
  acts_for uuid references users,
  -- Why it switched itself off.
  stopped_because text,
  every text not null check (every in ('hour', 'day', 'weekday')),
  run_at time not null default '07:00',
  people_a_day int not null check (people_a_day between 1 and 10000),
  -- Without any it concerns all.
  role_ids uuid[] not null default '{}',
  team_ids uuid[] not null default '{}',
  -- The age of a password or of the last sign-in, where the automation asks for one.
  days int check (days between 30 and 1095),
  grace_hours int check (grace_hours between 1 and 72),
  days_ahead int[] check (cardinality(days_ahead) between 1 and 5),
  -- Of the settings and the switch: no turn from before it is made up for.
  changed_at timestamptz not null default now(),
  version int not null default 1,
  check (not switched_on or (switched_at is not null and switched_by is not null and acts_for is not null and reason is not null))
);
insert into automations (key, every, people_a_day, days, grace_hours, days_ahead) values
  ('temporary', 'hour', 1000, null, null, null),
  ('reminder', 'weekday', 100, null, null, '{14,7,1}'),
  ('enforce', 'weekday', 20, 365, 12, null),
  ('dormant', 'weekday', 50, 90, null, null);

-- Whom an automation passes over, whatever their role and team.
create table automation_exemptions (
  automation text not null references automations,
  user_id uuid not null references users on delete cascade,
  primary key (automation, user_id)
);

create table automation_runs (
  id uuid primary key default gen_random_uuid(),
  automation text not null references automations,
  -- The turn of the schedule; none when somebody pressed Run now.
  turn timestamptz,
  acts_for uuid not null references users,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  people int not null default 0,
  -- Whom it found but left for another day.
  left_over int,
  error text,
  unique (automation, turn)
);
create index automation_runs_newest on automation_runs (automation, started_at desc);

-- Each person once for each occasion, however many workers run.
create table automation_deeds (
  automation text not null references automations,
  user_id uuid not null references users on delete cascade,
  occasion text not null,
  run_id uuid not null references automation_runs on delete cascade,
  at timestamptz not null default now(),
  primary key (automation, user_id, occasion)
);
create index automation_deeds_by_time on automation_deeds (automation, at);

-- A password that reached its greatest age: asked for at the next sign-in, and of open sessions once the grace is over.
alter table users add password_expired_at timestamptz;
alter table users add password_grace_until timestamptz;
alter table users add check ((password_expired_at is null) = (password_grace_until is null));
