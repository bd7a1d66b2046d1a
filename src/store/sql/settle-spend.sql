with existing as (
  select usd, tokens from pullwright.spend where run_id = $1 and key = $3
), charged as (
  update pullwright.run set
    spent_usd = spent_usd + $4::numeric - coalesce((select usd from existing), 0),
    spent_tokens = spent_tokens + $5::numeric - coalesce((select tokens from existing), 0)
  where id = $1 and epoch = $2 and state = 'running'
  returning id, repository_id, (new_run::json #>> '{requestedBy,id}')::bigint as requester_id
)
insert into pullwright.spend (run_id, key, usd, tokens, settled, day, repository_id, requester_id)
select id, $3, $4::numeric, $5::numeric, true, (statement_timestamp() at time zone 'UTC')::date, repository_id, requester_id
from charged
on conflict (run_id, key) do update set usd = excluded.usd, tokens = excluded.tokens, settled = true
returning key
