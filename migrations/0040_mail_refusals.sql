-- Whose fault a refused email is. One that failed for another reason than its address does not count against the address.
alter table letters add column not_a_bounce boolean not null default false;
update letters set not_a_bounce = true
where status = 'failed'
  and (server_answer is null or server_answer !~ '\m5\.(1\.[0-46]|1\.10|2\.[0124]|7\.1[78])\M');

-- Since when the mail server refuses this person's email, for now or because of us; null once one was sent.
alter table campaign_people add column refused_since timestamptz;

-- Why a campaign is held, and why it was slowed down.
alter table campaigns add column held_by text check (held_by in ('away', 'sender', 'slower'));
alter table campaigns add column slowed_because text;
