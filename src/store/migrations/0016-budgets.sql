-- Where a charge counts beside its run: on the day (UTC) of its reservation, for the repository, for who asked.
alter table pullwright.spend
  add column day date,
  add column repository_id bigint,
  add column requester_id bigint;
update pullwright.spend set
  day = (spend.at at time zone 'UTC')::date,
  repository_id = run.repository_id,
  requester_id = (run.new_run::json #>> '{requestedBy,id}')::bigint
from pullwright.run where run.id = spend.run_id;
create index spend_day on pullwright.spend (day);

-- What was spent today around a run, and when the day ends.
create function pullwright.spent_today(p_repository bigint, p_requester bigint)
returns table (instance_day numeric, repository_day numeric, user_day numeric, user_here_day numeric, resets_at timestamptz)
language sql stable as $$
  select
    coalesce(sum(usd), 0),
    coalesce(sum(usd) filter (where repository_id = p_repository), 0),
    coalesce(sum(usd) filter (where requester_id = p_requester), 0),
    coalesce(sum(usd) filter (where repository_id = p_repository and requester_id = p_requester), 0),
    ((statement_timestamp() at time zone 'UTC')::date + 1)::timestamp at time zone 'UTC'
  from pullwright.spend where day = (statement_timestamp() at time zone 'UTC')::date
$$;
