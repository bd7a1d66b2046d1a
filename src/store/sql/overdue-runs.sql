-- A run that waits for a person ends that wait by itself, after 14 days; this is for one that could not.
select run.* from pullwright.run
where state in ('queued', 'parked', 'running')
  and created_at + waited + case when wait_id is null then interval '0' else now() - parked_at end
    < now() - interval '1 hour' * $1
  or state in ('queued', 'parked') and wait_id is not null and parked_at < now() - interval '16 days'
order by seq limit 50
for update skip locked
