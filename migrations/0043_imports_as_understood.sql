-- How a file was read, and what in its good rows should be looked at.
alter table imports
  add column understood jsonb not null default '{}',
  add column warned int not null default 0 check (warned >= 0);
alter table import_rows add column warning text;
