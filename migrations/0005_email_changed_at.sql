-- When the address of an account last changed, whoever changed it. Null: never, or so long ago that it does not matter.
alter table users add email_changed_at timestamptz;
update users u set email_changed_at = c.at
  from (select subject_id, max(at) as at from activity_log
        where event = 'user_updated' and at > now() - interval '30 days' and details ? 'email_after' group by subject_id) c
  where c.subject_id = u.id;

create function note_email_change() returns trigger language plpgsql as $$
begin
  new.email_changed_at := now();
  return new;
end $$;
create trigger note_email_change before update of email on users for each row
  when (old.email is distinct from new.email) execute function note_email_change();
