select from pullwright.control_issue where repository_id = $1 and claimed_at = $2::timestamptz
