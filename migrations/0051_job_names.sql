-- Jobs, columns and states by their standard terms, the same as in the code.
alter table campaigns rename column acts_for to run_as;
alter table automations rename column acts_for to run_as;
alter table automation_runs rename column acts_for to run_as;

-- Why a person gets no email. The generated state and the index name the column, so they are made again.
alter table campaign_people drop column state;
drop index campaign_people_by_user;
alter table campaign_people rename column excused to skip_reason;
alter table campaign_people add column state text not null generated always as (case
  when skip_reason is not null then 'skipped' when changed_at is not null then 'changed'
  when opened_at is not null then 'opened' when sent_at is not null then 'sent'
  when failed_at is not null then 'failed' else 'queued' end) stored;
create index campaign_people_by_user on campaign_people (user_id) where changed_at is null and skip_reason is null;

create or replace function note_campaign_change() returns trigger language plpgsql as $$
begin
  update campaign_people set changed_at = now(), due_at = null
  where user_id = new.id and changed_at is null and skip_reason is null;
  return null;
end $$;

update emails set template = 'temporary_passwords_expired' where template = 'temporary_passwords_died';

-- Jobs that wait, and the schedule: each keeps its row under the new name.
do $$
declare renamed record;
begin
  if to_regclass('graphile_worker._private_tasks') is null then return; end if;
  for renamed in select * from (values
    ('deliver_letter', 'deliver_email'), ('bury_temporary_passwords', 'expire_temporary_passwords'),
    ('tend_campaigns', 'restart_stalled_campaigns'), ('answer_forgotten', 'answer_reset_request'),
    ('forget_old_limits', 'prune_rate_limits'), ('forget_old_imports', 'prune_imports')) as names(old, new)
  loop
    update graphile_worker._private_tasks set identifier = renamed.new where identifier = renamed.old;
    update graphile_worker._private_known_crontabs set identifier = renamed.new where identifier = renamed.old;
    update graphile_worker._private_jobs set key = renamed.new where key = renamed.old;
  end loop;
end $$;
