-- Every mail: written in the transaction of the deed that sends it, delivered by the worker. No secret stands here.
create table letters (
  id uuid primary key default gen_random_uuid(),
  template text not null,
  user_id uuid references users on delete set null,
  to_name text not null,
  to_address text not null,
  data jsonb not null,
  status text not null default 'queued' check (status in ('queued', 'sent', 'failed')),
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  server_answer text
);
create index letters_newest on letters (created_at desc, id);
