-- Whoever got one letter has it, whatever becomes of a reminder: failed are those to whom none got through. When the last
-- one was refused stands in failed_at as before.
alter table campaign_people drop column state;
alter table campaign_people add column state text not null generated always as (case
  when excused is not null then 'excused' when changed_at is not null then 'changed'
  when opened_at is not null then 'opened' when sent_at is not null then 'sent'
  when failed_at is not null then 'failed' else 'queued' end) stored;

-- When they were last reminded, which is done once in an hour.
alter table campaigns add column reminded_at timestamptz;
