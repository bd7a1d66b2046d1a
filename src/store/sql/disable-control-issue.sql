delete from pullwright.control_issue where repository_id = $1
