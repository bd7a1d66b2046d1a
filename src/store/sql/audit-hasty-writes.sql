-- Grants of one installation that came before the interval of the one before had passed, and grants within a pause that
-- was known by then. 50 ms are the distance between a row's lock and its clock.
with turn as (
  select *, lag(granted_at) over line as previous_at, lag(interval_ms) over line as previous_ms
  from pullwright.rate_turn where granted_at > now() - interval '7 days'
  window line as (partition by installation_id order by granted_at)
)
select format('installation %s: a write at %s came %s ms after another one', installation_id, granted_at,
  round(extract(epoch from granted_at - previous_at) * 1000)) as what
from turn
where granted_at < previous_at + interval '1 millisecond' * (least(previous_ms, interval_ms) - 50)
union all
select format('installation %s: a write at %s came during a pause until %s', turn.installation_id, granted_at, until)
from turn join pullwright.rate_pause pause using (installation_id)
where granted_at > pause.at + interval '50 milliseconds' and granted_at < pause.until - interval '50 milliseconds'
limit 100
