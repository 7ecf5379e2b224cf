-- The link in the email of a caller check, with which its reader says that they did not phone.
alter table links drop constraint links_purpose_check;
alter table links add constraint links_purpose_check
  check (purpose in ('reset', 'verify', 'email_change', 'not_me', 'not_my_call', 'invite', 'campaign', 'sign_in_code'));
