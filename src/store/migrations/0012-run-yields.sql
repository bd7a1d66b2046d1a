-- Runs that let others go first: until the slot is taken again, no second one need yield for the same reason.
create table pullwright.run_yield (
  run_id text not null,
  at timestamptz not null
);

-- Claims go from installation to installation, and in each from the oldest; null is those of none.
create index delivery_turn on pullwright.delivery (coalesce(installation_id, 0), seq) where state = 'waiting';
