update pullwright.run set state = 'running', epoch = epoch + 1, worker_id = $2, park_cause = null
where job_id = $1 and state in ('queued', 'parked') and announcing_until <= now() returning *
