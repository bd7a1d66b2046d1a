-- Not read as jsonb, which refuses the \u0000 that an answer of GitHub may hold. In JSON a quote inside a string is
-- escaped, so a key with its quotes is a key.
select run_id, sha from (
  select e.run_id, e.intended_at, substring(e.result from '"sha":"([0-9a-f]{40,64})"') as sha
  from pullwright.effect e join pullwright.run r on r.id = e.run_id
  where r.repository_id = $1 and e.state = 'done' and e.kind in ('commit.publish', 'branch.push')
    and e.result !~ '"outcome":"rejected"'
) published
where sha = any($2::text[])
order by intended_at
