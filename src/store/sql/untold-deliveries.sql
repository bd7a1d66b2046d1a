select guid, event, action, installation_id, repository_id, payload, received_at, attempts
from pullwright.delivery
where state = 'dead' and subject is not null and told_at is null and received_at > now() - interval '3 days'
order by seq limit $1
