-- Whoever may no longer sign in is signed out for good: being let in again later revives no session.
create function end_sessions_of_the_shut_out() returns trigger language plpgsql as $$
begin
  update sessions set ended_at = now() where user_id = new.id and ended_at is null;
  return null;
end $$;
create trigger end_sessions_of_the_shut_out after update of status on users for each row
  when (old.status = 'active' and new.status <> 'active') execute function end_sessions_of_the_shut_out();

create index letters_of_user on letters (user_id, created_at desc);
