update pullwright.run set state = 'running', epoch = epoch + 1, worker_id = $2, park_cause = null, wait_id = null,
  waited = waited + case when wait_id is null then '0' else now() - parked_at end
where job_id = $1 and state in ('queued', 'parked') and announcing_until <= now() returning *
