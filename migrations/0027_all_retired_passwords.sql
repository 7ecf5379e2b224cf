-- Not the last one alone: the last five that were temporary, that the office replaced, or that somebody else knew.
alter table users add retired_hashes text[] not null default '{}' check (cardinality(retired_hashes) <= 5);
update users set retired_hashes = array[retired_hash] where retired_hash is not null;
alter table users drop column retired_hash;
