update pullwright.control_issue set claimed_by = null, looked_at = now(), shape = $3
where repository_id = $1 and claimed_at = $2::timestamptz
