-- Text is not taken apart here: Postgres refuses the escape of NUL as soon as it takes a field out of the JSON.
select run.*, (
  select effect.result from pullwright.effect
  where effect.run_id = run.id and effect.kind = 'pull.open' and effect.state = 'done' limit 1
) as opened
from pullwright.run
where repository_id = $1 and ended_at is not null
order by ended_at desc, seq desc limit $2
