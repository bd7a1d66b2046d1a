-- A tick that was noted while this was written is not forgotten.
update pullwright.control_issue set
  issue = $2, body = $3, sending = null, missed = $4, missed_until = $5,
  taken = array(select unnest(taken) except select unnest($6::text[]))
where repository_id = $1
