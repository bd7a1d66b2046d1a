with old as (delete from pullwright.run_yield where at < now() - interval '1 hour')
insert into pullwright.run_yield (run_id, at) values ($1, clock_timestamp())
