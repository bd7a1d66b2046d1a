select from pullwright.delivery where repository_id = $1 and subject = $2 and state = 'waiting' limit 1
