-- A cell that a spreadsheet would evaluate, or take a leading 0 from, begins with an apostrophe. One that looks guarded
-- already gets another, so that taking one off gives back what it was.
create or replace function csv_cell(value text) returns text language sql immutable parallel safe as $$
  select case when value ~ '^(''*[\s\u00a0\ufeff]*([-=+@\uff1d\uff0b\uff0d\uff20]|0[0-9])|[\t\r\n])' then '''' || value else value end
$$;
