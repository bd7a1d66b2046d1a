select run.*,
  extract(epoch from now() - run.created_at - run.waited
    - case when run.wait_id is null then interval '0' else now() - run.parked_at end) * 1000 as age_ms,
  extract(epoch from now() - run.ended_at) * 1000 as ended_ms,
  (select installation_id from pullwright.delivery
    where guid = run.new_run::json ->> 'deliveryGuid') as delivery_installation_id,
  coalesce((select sum(usd) from pullwright.spend where run_id = run.id), 0) as rows_usd,
  coalesce((select sum(tokens) from pullwright.spend where run_id = run.id), 0) as rows_tokens,
  coalesce((select max(usd) from pullwright.spend where run_id = run.id), 0) as largest_usd,
  coalesce((select max(tokens) from pullwright.spend where run_id = run.id), 0) as largest_tokens
from pullwright.run as run where run.id = $1
