-- The run that lets others go first, if it is this worker's: some installation without any running run has waited for
-- too long. Fair claiming alone helps only when some run ends, which may take an hour. First choice is the newest run
-- of whoever has most; where nobody has two, the run whose installation has had its worker longest, and had it for as
-- long as the other waited: so with one slot in all the two take turns instead of chasing each other.
with running as materialized (
  select installation_id, count(*) as runs from pullwright.run where state = 'running' group by installation_id
), starving as (
  select count(distinct waiting.installation_id) as installations
  from pullwright.run waiting left join pullwright.rate_bucket bucket using (installation_id)
  where waiting.state in ('queued', 'parked') and waiting.ready_at < now() - interval '1 millisecond' * $2
    and waiting.installation_id not in (select installation_id from running)
    and coalesce(greatest(bucket.paused_until, bucket.low_until), '-infinity') <= now()
), yielded as (
  -- Slots already given up and perhaps not taken yet: the old owner needs a moment to close its sandbox.
  select count(*) as runs, min(at) as since from pullwright.run_yield where at > now() - interval '1 millisecond' * $3
), taken as (
  select count(*) as slots from pullwright.installation_turn, yielded where at > since
), victim as (
  select run.id, run.worker_id from pullwright.run join running using (installation_id)
  left join pullwright.installation_turn turn using (installation_id)
  where run.state = 'running'
    and (running.runs >= 2 or coalesce(turn.at, '-infinity') < now() - interval '1 millisecond' * $2)
  order by running.runs desc, case when running.runs = 1 then turn.at end nulls first, run.seq desc limit 1
)
select id from victim
where worker_id = $1
  and (select installations from starving) > greatest(0, (select runs from yielded) - (select slots from taken))
