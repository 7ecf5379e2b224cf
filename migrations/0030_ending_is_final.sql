-- What was ended is over for good: the session itself, and the cookie that led to it with all that was kept for it.
delete from session_data where sess #>> '{passport,user}' not in (select id::text from sessions where ended_at is null);
-- Two cookies of one session: one of them was brought back after it was replaced, and nobody can say which.
delete from session_data where sess #>> '{passport,user}' in (
  select sess #>> '{passport,user}' from session_data group by 1 having count(*) > 1);

alter table session_data add session_id uuid generated always as ((sess #>> '{passport,user}')::uuid) stored
  references sessions on delete cascade;
create unique index session_data_of_session on session_data (session_id);

create function end_for_good() returns trigger language plpgsql as $$
begin
  if old.ended_at is not null and new.ended_at is null then
    raise exception 'An ended session stays ended' using errcode = 'check_violation', constraint = 'end_for_good';
  end if;
  delete from session_data where session_id = new.id;
  -- Nobody can come back with the cookie and so find out that it is over.
  if exists (select from impersonations where session_id = new.id and ended_at is null) then
    perform graphile_worker.add_job('close_impersonations', job_key => 'close_impersonations');
  end if;
  return null;
end $$;
create trigger end_for_good after update of ended_at on sessions for each row
  when (old.ended_at is distinct from new.ended_at) execute function end_for_good();
