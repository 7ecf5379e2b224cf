-- Each save of a role counts its version up, so that of two people who change it at once the second is told.
alter table roles add version int not null default 1;

-- "Season desk" and "season desk" would be one role to whoever chooses it from a list; so with teams.
create unique index roles_by_name on roles (lower(name));
create unique index teams_by_name on teams (lower(name));

-- Custom roles are the office's: what makes somebody a fieldworker is the built-in role alone.
alter table roles add constraint custom_roles_are_office check (built_in or kind = 'office');
