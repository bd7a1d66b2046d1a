-- Nothing is inserted for a run that is over, nor for a trigger that was posted before. The claim lock makes posts
-- serial, so that no two get one number. A run whose end is journaled hears nothing any more, whatever its state.
with open_run as (
  select id from pullwright.run where id = $1 and state in ('queued', 'running', 'parked') and not exists (
    select from pullwright.run_event event where event.run_id = $1 and event.key = 'run.ended'
  )
)
insert into pullwright.run_message
  (run_id, seq, kind, payload, actor_id, actor_login, actor_type, actor_role, comment_id, trigger_key)
select
  open_run.id, (select coalesce(max(seq), 0) + 1 from pullwright.run_message where run_id = $1),
  $2, $3, $4, $5, $6, $7, $8, $9
from open_run
on conflict (trigger_key) do nothing
returning seq
