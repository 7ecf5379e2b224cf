-- Every process keeps the settings of the company in memory and listens for this.
create function announce_company() returns trigger language plpgsql as $$
begin
  notify company_changed;
  return null;
end $$;
create trigger announce_company after insert or update or delete on company
  for each statement execute function announce_company();
