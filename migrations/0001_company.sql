-- The company this deployment serves: one row. Where a column is null the environment or the default decides.
create table company (
  only_row boolean primary key default true check (only_row),
  name text check (length(name) between 1 and 120),
  time_zone text not null default 'UTC',
  password_min_length int not null default 12 check (password_min_length between 12 and 64),
  lasting_passwords_allowed boolean not null default true,
  temporary_password_hours int not null default 24 check (temporary_password_hours between 1 and 72),
  remember_days int not null default 30 check (remember_days between 1 and 30),
  context_words text[] not null default '{}'
);
insert into company default values;
