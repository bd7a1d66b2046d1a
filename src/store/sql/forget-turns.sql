with turn as (
  delete from pullwright.rate_turn where granted_at < now() - interval '8 days'
)
delete from pullwright.rate_pause where at < now() - interval '8 days'
