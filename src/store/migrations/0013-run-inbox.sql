-- What people and GitHub say to a run while it is under way. A message is taken by a journal entry with the key
-- `message:<trigger key>`, so that the journal alone tells what was taken and a crash takes nothing twice.
create table pullwright.run_message (
  run_id text not null references pullwright.run (id),
  -- Contiguous from 1; posts are serial.
  seq bigint not null,
  kind text not null,
  -- text, not jsonb: jsonb refuses the escape of NUL, which GitHub may send.
  payload text not null,
  actor_id bigint not null,
  actor_login text not null,
  actor_type text not null,
  actor_role text not null,
  comment_id bigint,
  trigger_key text not null unique,
  created_at timestamptz not null default now(),
  primary key (run_id, seq)
);

-- What a parked run waits for; null while it does not wait, and for runs that were parked by an older version.
alter table pullwright.run add column park_cause text;
