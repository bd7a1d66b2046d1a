-- The run's sum stands on its row, so that two reservations at once cannot both pass its cap. Those of a day are
-- summed up; whoever is held against one has taken the lock before, in a statement of its own.
with subject as (
  select id, repository_id, spent_usd, spent_tokens, (new_run::json #>> '{requestedBy,id}')::bigint as requester_id
  from pullwright.run where id = $1 and epoch = $2 and state = 'running'
), today as (
  select subject.id, sums.* from subject,
    lateral pullwright.spent_today(subject.repository_id, subject.requester_id) as sums
), existing as (
  select key from pullwright.spend where run_id = $1 and key = $3
), charged as (
  update pullwright.run set spent_usd = spent_usd + $4::numeric, spent_tokens = spent_tokens + $5::numeric
  where id = $1 and epoch = $2 and state = 'running' and not exists (select from existing)
    and spent_usd + $4::numeric <= $6::numeric and spent_tokens + $5::numeric <= $7::numeric
    and not exists (
      select from today where instance_day + $4::numeric > $8::numeric or repository_day + $4::numeric > $9::numeric
        or user_day + $4::numeric > $10::numeric or user_here_day + $4::numeric > $11::numeric
    )
  returning id
), reserved as (
  insert into pullwright.spend (run_id, key, usd, tokens, day, repository_id, requester_id)
  select id, $3, $4::numeric, $5::numeric, (statement_timestamp() at time zone 'UTC')::date, repository_id, requester_id
  from subject where exists (select from charged)
)
select exists (select from existing) or exists (select from charged) as reserved,
  subject.spent_usd, subject.spent_tokens, today.*
from subject join today using (id)
