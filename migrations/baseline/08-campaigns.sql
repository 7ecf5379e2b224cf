-- Emails that the office writes once and sends to many: text with placeholders, never markup.
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

The season is about to start. Please choose a new password for {company_name} before your first shift, so that you can sign in from the first day on.

{reset_link}

The link works once, for {expires_in}. Until you use it, your old password stays as it is.'),
  jsonb_build_object('name', 'Reset your password', 'subject', 'Choose a new password', 'body',
'Hello {first_name},

Please choose a new password for your account at {company_name}.

{reset_link}

The link works once, for {expires_in}. Until you use it, your old password stays as it is. We never ask you for your password by email.')
]) as o;

-- Reset emails to many people.
create table campaigns (
  id uuid primary key default gen_random_uuid(),
  -- The text as it was when the campaign was started.
  name text not null,
  subject text not null,
  body text not null,
  started_by uuid not null references users,
  started_at timestamptz not null default now(),
  -- Whose permissions it uses: of the person who last started or resumed it.
  run_as uuid not null references users,
  status text not null default 'running' check (status in ('running', 'paused', 'finished', 'cancelled')),
  status_at timestamptz not null default now(),
  -- Why it paused, if nobody paused it.
  pause_reason reason,
  emails_per_second int not null default 5 check (emails_per_second between 1 and 1000),
  -- Its time is used up until here by emails that left.
  paced_to timestamptz not null default now(),
  -- Until when it waits for a mail server that is away, how often in a row it did, and why: a code, and
  -- the words of the mail server.
  held_until timestamptz,
  holds int not null default 0,
  held_by text check (held_by in ('away', 'sender', 'slower')),
  held_answer text,
  -- What the mail server said when it asked for fewer emails.
  slowed_answer text,
  reminded_at timestamptz
);
create unique index campaign_running on campaigns ((true)) where status = 'running';
create index campaigns_newest on campaigns (started_at, id);

-- The table of links comes first, since a recipient refers to one.
alter table links add foreign key (campaign_id) references campaigns on delete set null;

create table campaign_people (
  campaign_id uuid not null references campaigns on delete cascade,
  user_id uuid not null references users on delete cascade,
  -- Why they get no email.
  skip_reason text check (skip_reason in
    ('blocked', 'inactive', 'invited', 'no_address', 'shared_address', 'bouncing', 'out_of_reach', 'cancelled')),
  -- When the next email is due; null if none waits.
  due_at timestamptz,
  reminder boolean not null default false,
  -- The job that is sending it.
  claimed_by bigint,
  tries int not null default 0,
  email_id uuid references emails on delete set null,
  link_id uuid references links on delete set null,
  sent_at timestamptz,
  failed_at timestamptz,
  answer text,
  opened_at timestamptz,
  renewed_at timestamptz,
  reminded_at timestamptz,
  changed_at timestamptz,
  -- Since when the mail server refuses their email, for now or because of us; null once one was sent.
  refused_since timestamptz,
  -- People who got one email have it, even if a reminder fails.
  state text not null generated always as (case
    when skip_reason is not null then 'skipped' when changed_at is not null then 'changed'
    when opened_at is not null then 'opened' when sent_at is not null then 'sent'
    when failed_at is not null then 'failed' else 'queued' end) stored,
  primary key (campaign_id, user_id),
  check (skip_reason is null or due_at is null)
);
create index campaign_people_due on campaign_people (campaign_id, due_at, user_id) where due_at is not null;
create index campaign_people_by_user on campaign_people (user_id) where changed_at is null and skip_reason is null;
create index campaign_people_by_link on campaign_people (link_id) where link_id is not null;
create index campaign_people_by_email on campaign_people (email_id) where email_id is not null;

-- People who choose a new password have done what a campaign asks for, on whichever path. Then no more email leaves.
create function note_campaign_change() returns trigger language plpgsql as $$
begin
  update campaign_people set changed_at = now(), due_at = null
  where user_id = new.id and changed_at is null and skip_reason is null;
  return null;
end $$;
create trigger note_campaign_change after update of password_hash on users for each row
  when (new.password_changed_at is distinct from old.password_changed_at and new.password_method <> 'admin')
  execute function note_campaign_change();

-- The planner does not know ten thousand new recipients until autovacuum has counted them, a minute later; meanwhile each
-- claim and each page would read them all. Only the owner of a table may have it counted.
create function count_campaign_people() returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  analyze campaign_people;
end $$;

-- People who were selected for a campaign, if they are too many for an address: kept for a day.
create table campaign_selections (
  id uuid primary key default gen_random_uuid(),
  chosen_by uuid not null references users on delete cascade,
  chosen_at timestamptz not null default now(),
  user_ids uuid[] not null
);
