-- The company of this deployment: one row. Where a column is null, the environment or the default decides.
create table company (
  only_row boolean primary key default true check (only_row),
  name text check (length(name) between 1 and 120),
  time_zone text not null default 'UTC',
  password_min_length int not null default 12 check (password_min_length between 12 and 64),
  lasting_passwords_allowed boolean not null default true,
  temporary_password_hours int not null default 24 check (temporary_password_hours between 1 and 72),
  remember_days int not null default 30 check (remember_days between 1 and 30),
  context_words text[] not null default '{}',
  -- Entries of the activity log are kept this long; null keeps them for good. Thirteen is a year and a month to look at it.
  activity_retention_months int check (activity_retention_months >= 13),
  -- How long a session lasts without and despite use. The defaults are the maximum.
  session_idle_minutes int not null default 60 check (session_idle_minutes between 5 and 60),
  session_hours int not null default 12 check (session_hours between 1 and 12),
  -- Rises with each save of the policy, so that the second of two people who change it at once is told.
  policy_version int not null default 1
);
insert into company default values;
