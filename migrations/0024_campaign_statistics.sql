-- Ten thousand people put into a campaign at once are unknown to the planner for a minute, until autovacuum has counted
-- them; meanwhile each claim and each page would read them all. Only the owner of a table may have it counted.
create function count_campaign_people() returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  analyze campaign_people;
end $$;

-- A connection plans once how it finds the end of the chain, and keeps to it. While the log fits a page or two, reading it
-- all looks cheapest; but such a plan, kept while a campaign writes its thousands of entries, reads ever more for each.
alter function chain_activity() set enable_seqscan = off;
