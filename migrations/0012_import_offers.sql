-- What an import offers beyond its good rows: teams to create, and people to update.
alter table import_rows
  -- The team to create for this row, if the person who uploaded the file may.
  add column new_team text,
  -- The person to update, with their details as the dry run showed them.
  add column user_id uuid,
  add column stored jsonb;
alter table imports
  add column new_teams int not null default 0 check (new_teams >= 0),
  add column updated int not null default 0 check (updated >= 0);
