-- The last temporary password, so that it may not be chosen again even after another change.
alter table users add retired_temporary_hash text check (retired_temporary_hash like '$argon2id$%');
