-- Tables and columns by their standard terms, the same as in the code. See docs/glossary.md.
alter table letters rename to emails;
alter index letters_newest rename to emails_newest;
alter index letters_of_user rename to emails_of_user;
alter index letters_by_template rename to emails_by_template;
alter index letters_by_status rename to emails_by_status;
alter index letters_by_receiver rename to emails_by_recipient;
alter index letters_by_address rename to emails_by_address;
alter table campaign_people rename column letter_id to email_id;
alter index campaign_people_by_letter rename to campaign_people_by_email;
alter table campaigns rename column letters_per_second to emails_per_second;
alter table campaign_choices rename to campaign_selections;
alter table automation_deeds rename to automation_actions;
alter index automation_deeds_by_time rename to automation_actions_by_time;
alter table users rename column auth_epoch to credential_version;
alter table users rename column temporary_password_died_at to temporary_password_expired_at;
alter table links rename column auth_epoch_at_issue to credential_version;
alter table sessions rename column password_proven_at to reauthenticated_at;
alter table sessions rename column proven_epoch to reauthenticated_version;
alter table impersonations rename column told_at to acknowledged_at;
alter table impersonations rename column impersonator_epoch to impersonator_credential_version;
alter table impersonations rename column user_epoch to user_credential_version;

drop trigger move_epoch on users;
drop function move_epoch();
create function raise_credential_version() returns trigger language plpgsql as $$
begin
  new.credential_version := greatest(new.credential_version, old.credential_version + 1);
  return new;
end $$;
create trigger raise_credential_version before update on users for each row
  when ((old.email, old.status, old.role_id) is distinct from (new.email, new.status, new.role_id))
  execute function raise_credential_version();

-- Emails that wait in the queue name their row in the payload.
do $$
begin
  if to_regclass('graphile_worker._private_jobs') is not null then
    update graphile_worker._private_jobs
      set payload = jsonb_build_object('emailId', payload::jsonb ->> 'letterId')::json
      where payload::jsonb ? 'letterId';
  end if;
end $$;
