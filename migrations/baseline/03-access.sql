-- The permissions that roles may have. `npm run migrate` writes them from src/access/permissions.ts.
create table permissions (
  name text primary key
);

-- `npm run migrate` writes the built-in roles from src/access/built-in-roles.ts.
create table roles (
  id uuid primary key default gen_random_uuid(),
  name text not null unique check (length(name) between 1 and 80),
  kind text not null check (kind in ('office', 'fieldworker')),
  scope text not null check (scope in ('company', 'team')),
  permissions text[] not null,
  built_in boolean not null default false,
  -- Rises with each save of a role, so that the second of two people who change it at once is told.
  version int not null default 1,
  -- What makes somebody a fieldworker is the built-in role alone.
  constraint custom_roles_are_office check (built_in or kind = 'office')
);
-- "Season desk" and "season desk" would look like one role in a list.
create unique index roles_by_name on roles (lower(name));

-- A foreign key for each element of the array.
create function refuse_unknown_permissions() returns trigger language plpgsql as $$
begin
  if not new.permissions <@ array(select name from permissions) then
    raise exception 'A role has a permission that does not exist'
      using errcode = 'check_violation', constraint = 'known_permissions';
  end if;
  return new;
end $$;
create trigger known_permissions before insert or update of permissions on roles for each row
  execute function refuse_unknown_permissions();

-- Built-in roles change with the code alone: only the owner of the table may change them, and only while it migrates.
create function refuse_change_of_built_in_role() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and current_setting('fieldkey.migrating', true) = 'yes'
     and pg_has_role(current_user, (select relowner from pg_class where oid = tg_relid), 'usage') then
    return new;
  end if;
  raise exception 'A built-in role cannot be changed' using errcode = 'check_violation', constraint = 'built_in_role';
end $$;
create trigger built_in_role before update or delete on roles for each row when (old.built_in)
  execute function refuse_change_of_built_in_role();
