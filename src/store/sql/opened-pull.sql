-- Found by its repository: a pull request's number says nothing without it. The text narrows, the caller reads it:
-- Postgres refuses the escape of NUL, which GitHub may send, as soon as it takes a field out of the JSON.
select effect.result from pullwright.effect
join pullwright.run on run.id = effect.run_id
where run.repository_id = $1 and effect.kind = 'pull.open' and effect.state = 'done'
  and effect.result ~ ('"number":' || $2::bigint || '[,}]')
