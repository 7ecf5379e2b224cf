create extension if not exists pg_trgm;
create extension if not exists btree_gin;

-- A cell that a spreadsheet would evaluate, or take a leading 0 from, begins with an apostrophe. One that looks guarded
-- already gets another, so that taking one off gives back what it was.
create function csv_cell(value text) returns text language sql immutable parallel safe as $$
  select case when value ~ '^(''*[\s\u00a0\ufeff]*([-=+@\uff1d\uff0b\uff0d\uff20]|0[0-9])|[\t\r\n])' then '''' || value else value end
$$;

-- An IP address as the app writes it (src/platform/ip-address.ts). Anything else is returned unchanged.
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

-- A mailbox is shared where addresses differ only after a plus sign.
create function mailbox(email text) returns text language sql immutable parallel safe as $$
  select regexp_replace(email, '\+[^@]*@', '@')
$$;

-- The table of rate-limiter-flexible.
create table rate_limits (
  key text primary key,
  points int not null default 0,
  expire bigint
);
