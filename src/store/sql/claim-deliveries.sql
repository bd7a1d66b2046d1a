-- Of every installation the oldest, then of every one the second oldest, and so on: ten thousand labels of one must
-- not make the label of another wait. Within an installation the order is that of arrival. A few rows more than are
-- wanted are looked at, because others may be claiming them; with a look at every waiting row a claim took more than
-- a minute in a soak with 40,000 of them.
-- A delivery that was claimed before and neither finished nor failed is taken alone: should it crash the worker
-- again, the claim counts for no other. After 5 such claims it is dead. What a worker held whose session is gone is
-- taken at once; the 60 seconds are for a worker that lives and got stuck.
with recursive live as materialized (
  select objid::int as worker from pg_locks
  where locktype = 'advisory' and classid = 4242 and objsubid = 2 and granted
    and database = (select oid from pg_database where datname = current_database())
), tenant as (
  (select coalesce(installation_id, 0) as id from pullwright.delivery where state = 'waiting'
    order by coalesce(installation_id, 0), seq limit 1)
  union all
  select (
    select coalesce(installation_id, 0) from pullwright.delivery
    where state = 'waiting' and coalesce(installation_id, 0) > tenant.id
    order by coalesce(installation_id, 0), seq limit 1
  )
  from tenant where tenant.id is not null
), ready as materialized (
  select own.* from tenant cross join lateral (
    select guid, seq, claims, row_number() over (order by seq) as place from (
      select guid, seq, claims from pullwright.delivery
      where state = 'waiting' and coalesce(installation_id, 0) = tenant.id
        and (visible_at <= now() or claimed_by is not null and claimed_by not in (select worker from live))
      order by seq limit 3 * $1
    ) oldest
  ) own
), waiting as (
  select seq, claims from ready order by seq limit 1
), picked as (
  -- The number of claims again: it tells when somebody else has claimed the row since it was looked at.
  select delivery.guid from ready join pullwright.delivery using (guid), waiting
  where delivery.state = 'waiting' and delivery.claims = ready.claims
    and (ready.seq = waiting.seq or (waiting.claims = 0 and ready.claims = 0))
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
