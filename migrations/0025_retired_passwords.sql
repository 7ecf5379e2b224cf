-- The last password that may not be chosen again: a temporary one, or one that was taken out of use since somebody else knew it.
alter table users rename column retired_temporary_hash to retired_hash;
