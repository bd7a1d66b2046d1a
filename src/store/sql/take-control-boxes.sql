update pullwright.control_issue set
  taken = array(select distinct unnest(taken || $2::text[])),
  handled = (handled || $3::text[])[greatest(1, cardinality(handled || $3::text[]) - $4 + 1):]
where repository_id = $1
