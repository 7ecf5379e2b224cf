-- Sentences begin with a capital, and how long a link works is said once: each such email says by itself what to do when
-- its link has expired. What the company wrote stays as it is.
with texts (name, body) as (values
  ('Season start', 'Hello {first_name},

The season is about to start. Please choose a new password for {company_name} before your first shift, so that you can sign in from the first day on.

{reset_link}

The link works once, for {expires_in}. Until you use it, your old password stays as it is.'),
  ('Reset your password', 'Hello {first_name},

Please choose a new password for your account at {company_name}.

{reset_link}

The link works once, for {expires_in}. Until you use it, your old password stays as it is. We never ask you for your password by email.'))
update canned_responses c
set body = case when c.body = c.original ->> 'body' then t.body else c.body end,
  original = jsonb_set(c.original, '{body}', to_jsonb(t.body))
from texts t where c.original ->> 'name' = t.name;
