-- Sign-ins and failures by quarter of an hour, for the chart of the log: every time zone's days begin at one. Kept by triggers,
-- so that a chart reads as many rows however long the log is. The app only reads it.
create table activity_counts (
  slot timestamptz primary key,
  sign_ins int not null,
  failures int not null
) with (fillfactor = 70);

-- Entries from this number on are counted. A job counts those before it, from the new end of the log to the old.
create table activity_counted_from (
  seq bigint not null
);
create unique index activity_counted_from_once on activity_counted_from ((true));

create function activity_slot(at timestamptz) returns timestamptz language sql immutable parallel safe as $$
  select date_bin('15 minutes', at, '2000-01-01 00:00:00Z')
$$;

-- Every writer holds the lock of the chain here, so none waits for the row of another.
create function count_new_activity() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  insert into activity_counts as c (slot, sign_ins, failures)
  select activity_slot(at), count(*) filter (where event = 'sign_in'), count(*) filter (where event = 'sign_in_failed')
  from added where event in ('sign_in', 'sign_in_failed') group by 1 order by 1
  on conflict (slot) do update set sign_ins = c.sign_ins + excluded.sign_ins, failures = c.failures + excluded.failures;
  return null;
end $$;
create trigger count_new_activity after insert on activity_log referencing new table as added
  for each statement execute function count_new_activity();

-- Whole months are removed, so no quarter of an hour is removed in part.
create function forget_removed_activity() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  perform from activity_counted_from for update; -- waits for the job, which then sees what is left
  delete from activity_counts where slot < (select activity_slot(at) from activity_log order by seq limit 1);
  return null;
end $$;
create trigger forget_removed_activity after delete on activity_log
  for each statement execute function forget_removed_activity();

-- Counts entries from one number to before another.
create function count_activity(first bigint, beyond bigint) returns void language sql set search_path = public, pg_temp as $$
  insert into activity_counts as c (slot, sign_ins, failures)
  select activity_slot(at), count(*) filter (where event = 'sign_in'), count(*) filter (where event = 'sign_in_failed')
  from activity_log where seq >= first and seq < beyond and event in ('sign_in', 'sign_in_failed') group by 1 order by 1
  on conflict (slot) do update set sign_ins = c.sign_ins + excluded.sign_ins, failures = c.failures + excluded.failures;
$$;

-- Counts some older entries: those just before the ones that are counted. Returns whether any are left.
create function count_older_activity(most int) returns boolean language plpgsql security definer
  set search_path = public, pg_temp as $$
declare
  beyond bigint := (select seq from activity_counted_from for update);
  oldest bigint := (select min(seq) from activity_log);
  first bigint := greatest(beyond - most, oldest);
begin
  if oldest is null or oldest >= beyond then return false; end if;
  perform count_activity(first, beyond);
  update activity_counted_from set seq = first;
  return first > oldest;
end $$;

-- The trigger keeps writers out until this is committed, so nothing is counted twice or left out.
insert into activity_counted_from select coalesce(max(seq), 0) + 1 from activity_log;
