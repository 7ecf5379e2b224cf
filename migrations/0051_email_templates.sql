-- Emails that wait name their template, which has a new name.
update emails set template = 'temporary_passwords_expired' where template = 'temporary_passwords_died';
