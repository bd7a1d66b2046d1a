select run_id from pullwright.run_message where trigger_key = $1
