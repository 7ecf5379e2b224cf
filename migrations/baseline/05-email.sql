-- Every email: written in the transaction of the action that sends it, delivered by the worker. It contains no secret.
create table emails (
  id uuid primary key default gen_random_uuid(),
  template text not null,
  user_id uuid references users on delete set null,
  to_name text not null,
  to_address text not null,
  data jsonb not null,
  status text not null default 'queued' check (status in ('queued', 'sent', 'failed')),
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  -- The words of the mail server, or why it has not had the email.
  server_answer text,
  failure_reason reason,
  -- It failed for another reason than its address, so it does not count against the address.
  not_a_bounce boolean not null default false,
  check (failure_reason is null or server_answer is null)
);
create index emails_newest on emails (created_at, id);
create index emails_of_user on emails (user_id, created_at desc);
create index emails_by_address on emails (to_address, created_at);
create index emails_by_template on emails (template, created_at, id);
create index emails_by_status on emails (status, created_at, id);
create index emails_by_recipient on emails using gin (to_address gin_trgm_ops, lower(to_name) gin_trgm_ops);
