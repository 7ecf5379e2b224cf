-- Letters that the office writes once and sends to many: text with places to fill in, never markup.
create table canned_responses (
  id uuid primary key default gen_random_uuid(),
  name text not null check (length(name) between 1 and 80),
  subject text not null check (length(subject) between 1 and 150 and subject !~ '[\r\n]'),
  body text not null check (length(body) between 1 and 2500 and strpos(body, '{reset_link}') > 0),
  -- As it came with Fieldkey, to be restored; null for those that the company wrote.
  original jsonb,
  changed_at timestamptz not null default now()
);
create unique index canned_responses_by_name on canned_responses (lower(name));

insert into canned_responses (name, subject, body, original)
select o ->> 'name', o ->> 'subject', o ->> 'body', o
from unnest(array[
  jsonb_build_object('name', 'Season start', 'subject', 'Ready for the season: choose a new password', 'body',
'Hello {first_name},

the season is about to start. Please choose a new password for {company_name} before your first shift, so that you can sign in from the first day on.

{reset_link}

The link works once, for {expires_in}. If it has run out when you open it, one press on the page it leads to sends you a new one.

Until you use it, your old password stays as it is.'),
  jsonb_build_object('name', 'Reset your password', 'subject', 'Choose a new password', 'body',
'Hello {first_name},

{company_name} asks you to choose a new password for your account.

{reset_link}

The link works once, for {expires_in}. Until you use it, your old password stays as it is. We never ask you for your password by email.')
]) as o;
