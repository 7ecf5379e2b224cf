-- A reset link that the office shows as a QR code.
alter table links drop constraint links_purpose_check;
alter table links add constraint links_purpose_check
  check (purpose in ('reset', 'verify', 'email_change', 'not_me', 'invite', 'campaign', 'sign_in_code'));
