delete from pullwright.control_issue where installation_id = $1
