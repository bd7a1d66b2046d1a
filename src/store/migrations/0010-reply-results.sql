-- An answer is intended, sent and then done: one that was only intended may have been lost with its process.
alter table pullwright.reply add column claimed_by int;
alter table pullwright.reply add column claimed_at timestamptz not null default now();
alter table pullwright.reply add column done_at timestamptz;
update pullwright.reply set done_at = at;
