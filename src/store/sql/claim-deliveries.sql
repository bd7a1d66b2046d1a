-- Of every installation the oldest, then of every one the second oldest, and so on: ten thousand labels of one must
-- not make the label of another wait. Within an installation the order is that of arrival.
-- A delivery that was claimed before and neither finished nor failed is taken alone: should it crash the worker
-- again, the claim counts for no other. After 5 such claims it is dead. What a worker held whose session is gone is
-- taken at once; the 60 seconds are for a worker that lives and got stuck.
with ready as (
  select guid, seq, claims, row_number() over (partition by installation_id order by seq) as place
  from pullwright.delivery
  where state = 'waiting' and (
    visible_at <= now()
    or claimed_by is not null and not exists (
      select from pg_locks
      where locktype = 'advisory' and classid = 4242 and objid = claimed_by::oid and objsubid = 2 and granted
        and database = (select oid from pg_database where datname = current_database())
    )
  )
), waiting as (
  select seq, claims from ready order by seq limit 1
), picked as (
  select delivery.guid from pullwright.delivery join ready using (guid), waiting
  where delivery.state = 'waiting'
    and (delivery.seq = waiting.seq or (waiting.claims = 0 and delivery.claims = 0))
  order by ready.place, ready.seq limit $1
  for update of delivery skip locked
), claimed as (
  update pullwright.delivery set
    claims = claims + 1,
    claimed_by = $2,
    visible_at = now() + interval '60 seconds',
    state = case when claims >= 5 then 'dead' else state end,
    problem = case when claims >= 5 then 'processing it ended the worker 5 times' else problem end
  where guid in (select guid from picked)
  returning *
)
select guid, event, action, installation_id, repository_id, payload, received_at, attempts
from claimed where state = 'waiting' order by seq
