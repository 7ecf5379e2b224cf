-- How long a session lives without and despite use. The defaults are the most there may be.
alter table company
  add session_idle_minutes int not null default 60 check (session_idle_minutes between 5 and 60),
  add session_hours int not null default 12 check (session_hours between 1 and 12);

-- Each save of the policy counts its version up, so that of two people who change it at once the second is told.
alter table company add policy_version int not null default 1;
