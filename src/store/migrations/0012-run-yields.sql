-- Runs that let others go first: until the slot is taken again, no second one need yield for the same reason.
create table pullwright.run_yield (
  run_id text not null,
  at timestamptz not null
);
