-- On which days it was spent is not known any more: it counts on the day of the run.
insert into pullwright.spend (run_id, key, usd, tokens, settled, day, repository_id, requester_id)
select id, 'restored', $2, $3, true, (created_at at time zone 'UTC')::date, repository_id,
  (new_run::json #>> '{requestedBy,id}')::bigint
from pullwright.run where id = $1
