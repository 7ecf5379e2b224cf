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

-- Why the program did something, as a code with its parameters: {"code": "not_allowed", "name": "Ada Admin"}. The code
-- is of the module's `reason-texts.ts`, which makes the sentence. A sentence is no code, so no row can hold one.
create domain reason as jsonb check (
  value is null or (jsonb_typeof(value) = 'object' and coalesce(value ->> 'code', '') ~ '^[a-z][a-z0-9_]*$'));
create domain reasons as jsonb check (
  value is null or (jsonb_typeof(value) = 'array' and jsonb_array_length(value) > 0 and jsonb_array_length(value) =
    jsonb_array_length(jsonb_path_query_array(value, 'lax $[*] ? (@.code like_regex "^[a-z][a-z0-9_]*$")'))));

-- The table of rate-limiter-flexible.
create table rate_limits (
  key text primary key,
  points int not null default 0,
  expire bigint
);
