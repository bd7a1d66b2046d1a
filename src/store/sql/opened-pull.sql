-- Found by its repository: a pull request's number says nothing without it. Rejected ones name no number of ours.
select 1 from pullwright.effect
join pullwright.run on run.id = effect.run_id
where run.repository_id = $1 and effect.kind = 'pull.open' and effect.state = 'done'
  and effect.result::json ->> 'outcome' <> 'rejected' and effect.result::json ->> 'number' = $2::text
limit 1
