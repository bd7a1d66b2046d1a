select * from pullwright.control_issue
where looked_at < now() - interval '1 millisecond' * $1
  and shape is distinct from pullwright.runs_under_way(repository_id)
  and exists (select from pullwright.repository where id = repository_id)
  and not exists (
    select from pullwright.installation
    where installation.id = installation_id and (removed_at is not null or suspended_at is not null)
  )
order by looked_at
