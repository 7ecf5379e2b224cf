-- IP addresses are written in one spelling from now on (src/foundation/address.ts). What was written before is brought
-- into it where it may be; the activity log may not be changed, so its other spellings are found by an index.

-- As the program writes an address; what is no address is given back as it is.
create function canonical_address(written text) returns text language plpgsql immutable as $$
declare
  whole text := trim(both '"' from btrim(written));
  attempt text;
begin
  if whole is null or whole ~ '^\d{1,3}(\.\d{1,3}){3}$' then return whole; end if;
  -- As it stands first: the end of an IPv6 address may look like a port.
  foreach attempt in array array[whole, regexp_replace(whole, ':\d{0,5}$', '')] loop
    begin
      attempt := regexp_replace(regexp_replace(attempt, '^\[(.*)\]$', '\1'), '%.*$', '');
      if attempt !~ '/' then
        return regexp_replace(host(attempt::inet), '^::ffff:(?=\d+\.)', '');
      end if;
    exception when others then null;
    end;
  end loop;
  return written;
end $$;

update sessions set ip = canonical_address(ip) where ip is distinct from canonical_address(ip);
update imports set ip = canonical_address(ip) where ip is distinct from canonical_address(ip);

-- Nothing that is written from now on is in it, so it only ever shrinks.
create index activity_log_by_other_spelling on activity_log (canonical_address(ip), ip) where ip <> canonical_address(ip);
