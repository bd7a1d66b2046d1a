select id, epoch from pullwright.run where worker_id = $1 and state = 'running'
