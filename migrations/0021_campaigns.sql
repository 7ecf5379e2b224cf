-- Reset letters to many people. A letter of a campaign carries a link of its own purpose, which lands like a reset.
alter table links drop constraint links_purpose_check;
alter table links add constraint links_purpose_check
  check (purpose in ('reset', 'verify', 'email_change', 'not_me', 'invite', 'campaign'));

create table campaigns (
  id uuid primary key default gen_random_uuid(),
  -- The text as it was when the campaign was started.
  name text not null,
  subject text not null,
  body text not null,
  started_by uuid not null references users,
  started_at timestamptz not null default now(),
  -- With whose rights it acts: of whoever started it, or told it to go on, last.
  acts_for uuid not null references users,
  status text not null default 'running' check (status in ('running', 'paused', 'finished', 'cancelled')),
  status_at timestamptz not null default now(),
  -- Why it stands still, in words, where nobody told it to.
  paused_because text,
  letters_per_second int not null default 5 check (letters_per_second between 1 and 1000),
  -- Up to here its time is used up by letters that left.
  paced_to timestamptz not null default now(),
  -- Until when it waits for a mail server that is away, how often in a row it did, and what was heard last.
  held_until timestamptz,
  holds int not null default 0,
  held_because text
);
-- Which campaign a link was mailed for, so that opening it counts there.
alter table links add campaign_id uuid references campaigns on delete set null;
create unique index campaign_running on campaigns ((true)) where status = 'running';
create index campaigns_newest on campaigns (started_at, id);

create table campaign_people (
  campaign_id uuid not null references campaigns on delete cascade,
  user_id uuid not null references users on delete cascade,
  excused text check (excused in
    ('blocked', 'inactive', 'invited', 'no_address', 'shared_address', 'bouncing', 'out_of_reach', 'cancelled')),
  -- When the next letter is to leave; null when none waits.
  due_at timestamptz,
  reminder boolean not null default false,
  -- The job that is sending it.
  claimed_by bigint,
  tries int not null default 0,
  letter_id uuid references letters on delete set null,
  link_id uuid references links on delete set null,
  sent_at timestamptz,
  failed_at timestamptz,
  answer text,
  opened_at timestamptz,
  renewed_at timestamptz,
  reminded_at timestamptz,
  changed_at timestamptz,
  state text not null generated always as (case
    when excused is not null then 'excused' when changed_at is not null then 'changed'
    when opened_at is not null then 'opened' when failed_at is not null then 'failed'
    when sent_at is not null then 'sent' else 'queued' end) stored,
  primary key (campaign_id, user_id),
  check (excused is null or due_at is null)
);
create index campaign_people_due on campaign_people (campaign_id, due_at, user_id) where due_at is not null;
create index campaign_people_by_user on campaign_people (user_id) where changed_at is null and excused is null;

-- Whoever chooses a new password has done what a campaign asks for, whichever way they took; then no letter leaves any more.
create function note_campaign_change() returns trigger language plpgsql as $$
begin
  update campaign_people set changed_at = now(), due_at = null
  where user_id = new.id and changed_at is null and excused is null;
  return null;
end $$;
create trigger note_campaign_change after update of password_hash on users for each row
  when (new.password_changed_at is distinct from old.password_changed_at and new.password_method <> 'admin')
  execute function note_campaign_change();

-- A mailbox is shared where addresses differ only after a plus.
create function mailbox(email text) returns text language sql immutable parallel safe as $$
  select regexp_replace(email, '\+[^@]*@', '@')
$$;
create index users_by_mailbox on users (mailbox(email));
create index letters_by_address on letters (to_address, created_at);
