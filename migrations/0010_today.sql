-- Invitations that are about to expire, for the Today page.
create index links_open_invitations on links (expires_at)
  where purpose = 'invite' and used_at is null and superseded_at is null;
-- The first steps of a new company. One that has fieldworkers already took them.
alter table company add first_steps_dismissed_at timestamptz;
update company set first_steps_dismissed_at = now()
  where exists (select from users u join roles r on r.id = u.role_id where r.kind = 'fieldworker');
