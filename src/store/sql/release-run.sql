update pullwright.run set state = $3, worker_id = null, park_cause = $4, wait_id = $5, parked_at = now()
where id = $1 and epoch = $2 and state = 'running' returning *
