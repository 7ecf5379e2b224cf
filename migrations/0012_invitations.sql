-- An invitation is a link like the others; it is alive for who is still invited.
alter table links drop constraint links_purpose_check,
  add constraint links_purpose_check check (purpose in ('reset', 'verify', 'email_change', 'not_me', 'invite'));
