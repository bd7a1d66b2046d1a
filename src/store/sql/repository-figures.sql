select now() as now, ended.*, spent.* from (
  select
    count(*) filter (where state = 'published') as published,
    count(*) filter (where state = 'refused') as refused,
    count(*) filter (where state = 'failed') as failed,
    count(*) filter (where state = 'cancelled') as cancelled
  from pullwright.run where repository_id = $1 and ended_at > now() - interval '30 days'
) ended, (
  select
    coalesce(sum(usd) filter (where day = (now() at time zone 'UTC')::date), 0) as today,
    coalesce(sum(usd), 0) as month
  from pullwright.spend where repository_id = $1 and day > (now() at time zone 'UTC')::date - 30
) spent
