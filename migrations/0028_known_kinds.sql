-- A check that names each kind is read anew by every statement that adds to the log, while others wait for it; a function
-- is read once by each connection. A new kind comes by replacing the function; src/activity/kinds.ts holds the same list.
create function is_activity_event(event text) returns boolean language plpgsql immutable parallel safe as $$
begin
  return event = any ('{
    password_change, password_reset_requested, password_reset_sent, sign_in, sign_in_failed, sign_in_throttled, sign_out,
    sessions_ended, impersonation_started, impersonation_ended, email_verification_sent, email_verified,
    temporary_password_expired, password_expired, role_changed, permissions_changed, policy_changed, user_blocked,
    user_unblocked, activity_exported, user_created, user_imported, user_updated, user_activated, user_deactivated,
    campaign_started, campaign_finished, canned_response_changed, automation_run, password_expiry_reminder_sent,
    mail_failed}');
end $$;
alter table activity_log drop constraint activity_log_event;
alter table activity_log add constraint activity_log_event check (is_activity_event(event));
