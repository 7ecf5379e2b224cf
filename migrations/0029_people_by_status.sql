-- The list of people counts those of each status without reading their rows.
create index users_by_status on users (status, role_id, team_id);
