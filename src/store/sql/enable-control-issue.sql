insert into pullwright.control_issue (repository_id, installation_id, owner, name) values ($1, $2, $3, $4)
on conflict (repository_id) do update set
  installation_id = excluded.installation_id, owner = excluded.owner, name = excluded.name
