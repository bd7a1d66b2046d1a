-- Bytes that were received are the payload's text too, and travel once.
insert into pullwright.delivery
  (guid, event, action, installation_id, repository_id, raw_body, payload, problem, origin, subject, state)
values ($1, $2, $3, $4, $5, $6, case when $8::text is null then coalesce($7::text, convert_from($6::bytea, 'UTF8')) end,
  $8, $9, $10, case when $8::text is null then 'waiting' else 'dead' end)
on conflict (guid) do nothing
returning guid
