-- Whose session is gone cannot be writing any more; the ten minutes are for a worker that lives and got stuck.
update pullwright.control_issue as own set claimed_by = $2, claimed_at = now()
where repository_id = $1 and (
  claimed_by is null or claimed_at < now() - interval '10 minutes'
  or not exists (
    select from pg_locks
    where locktype = 'advisory' and classid = 4242 and objid = own.claimed_by::oid and objsubid = 2 and granted
      and database = (select oid from pg_database where datname = current_database())
  )
)
returning *, pullwright.runs_under_way(repository_id) as shape_now, claimed_at::text as token
