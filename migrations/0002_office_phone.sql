-- The number behind "call your office" on pages and in emails. Null means that none is shown.
alter table company add office_phone text check (length(office_phone) between 3 and 40);
