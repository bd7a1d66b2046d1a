-- Facts about writes to GitHub that do not depend on what grants the turns: the auditor compares them. Kept for 8 days.
create table pullwright.rate_turn (
  ticket uuid primary key,
  installation_id bigint not null,
  granted_at timestamptz not null,
  interval_ms int not null
);
create index rate_turn_at on pullwright.rate_turn (installation_id, granted_at);

-- Pauses that GitHub asked for.
create table pullwright.rate_pause (
  installation_id bigint not null,
  at timestamptz not null default clock_timestamp(),
  until timestamptz not null
);
create index rate_pause_at on pullwright.rate_pause (installation_id, at);

create function pullwright.note_turn() returns trigger language plpgsql as $$
begin
  if new.holder is not null and new.holder is distinct from old.holder then
    insert into pullwright.rate_turn (ticket, installation_id, granted_at, interval_ms)
      values (new.holder, new.installation_id, clock_timestamp(),
        greatest(0, floor(extract(epoch from new.next_write_at - clock_timestamp()) * 1000)))
      on conflict (ticket) do nothing;
  end if;
  if new.paused_until > old.paused_until and new.paused_until > clock_timestamp() then
    insert into pullwright.rate_pause (installation_id, until) values (new.installation_id, new.paused_until);
  end if;
  return new;
end $$;
create trigger rate_bucket_noted after update on pullwright.rate_bucket
  for each row execute function pullwright.note_turn();
