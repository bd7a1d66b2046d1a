select coalesce(max(seq), 0) as seq from pullwright.run_message where run_id = $1
