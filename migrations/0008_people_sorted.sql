-- The orders of a list of people: names break ties, and who never did it comes before everybody who did. Decision 64.
create index users_by_last_sign_in on users (coalesce(last_sign_in_at, '-infinity'), (name collate "und-x-icu"), id);
create index users_by_password_changed
  on users (coalesce(password_changed_at, '-infinity'), (name collate "und-x-icu"), id);

-- The states that a list is filtered by, each in the order of names.
create index users_with_temporary_password on users ((name collate "und-x-icu"), id)
  where temporary_password_expires_at is not null;
create index users_never_signed_in on users ((name collate "und-x-icu"), id) where last_sign_in_at is null;
create index users_unverified on users ((name collate "und-x-icu"), id) where email_verified_at is null;
