update pullwright.control_issue set claimed_by = null, looked_at = now(), shape = $2 where repository_id = $1
