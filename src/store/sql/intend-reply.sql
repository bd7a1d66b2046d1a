-- Whose session is gone cannot be sending any more; who has not beaten for half a minute is stopped or hung. The ten
-- minutes are for a worker that beats and got stuck with this one answer.
insert into pullwright.reply as reply (key, claimed_by) values ($1, $2)
on conflict (key) do update set claimed_by = $2, claimed_at = now()
where reply.done_at is null and (
  reply.claimed_by is null
  or reply.claimed_at < now() - interval '10 minutes'
  or not exists (
    select from pullwright.worker
    where worker.id = reply.claimed_by and worker.beat_at > now() - interval '30 seconds'
  )
  or not exists (
    select from pg_locks
    where locktype = 'advisory' and classid = 4242 and objid = reply.claimed_by::oid and objsubid = 2 and granted
      and database = (select oid from pg_database where datname = current_database())
  )
)
returning claimed_at = at as is_new, claimed_at::text as token
