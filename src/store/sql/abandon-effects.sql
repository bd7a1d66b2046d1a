update pullwright.effect set state = 'abandoned' where run_id = $1 and state = 'intended'
