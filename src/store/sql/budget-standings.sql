select run.spent_usd, run.spent_tokens, today.*
from pullwright.run as run, lateral pullwright.spent_today(
  run.repository_id, (run.new_run::json #>> '{requestedBy,id}')::bigint
) as today
where run.id = $1
