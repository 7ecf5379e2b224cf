-- How many of the failures the office forgave when it unlocked the account. The wait counts from there; the number
-- after which a password is disabled does not.
alter table password_failures add forgiven int not null default 0 check (forgiven >= 0);
