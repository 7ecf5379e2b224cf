-- The password that was entered in a session: at which state of the account. Once that has moved on, it proves nothing.
alter table sessions add proven_epoch int;

-- An account that was ever in use is not invited again: an invitation goes to an address that can be moved with the right
-- to manage users alone. Whoever lost their password by “It was not me” and was blocked became invited; they are active.
update users set status = 'active', status_changed_at = now()
  where status = 'invited' and password_hash is null and password_changed_at is not null;

create function never_invite_again() returns trigger language plpgsql as $$
begin
  raise exception 'An account that was in use is not invited again'
    using errcode = 'check_violation', constraint = 'never_invite_again';
end $$;
create trigger never_invite_again before update of status on users for each row
  when (old.status <> 'invited' and new.status = 'invited'
    and (old.password_hash is not null or old.password_changed_at is not null))
  execute function never_invite_again();
