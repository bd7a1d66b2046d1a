update pullwright.control_issue set sending = $2 where repository_id = $1
