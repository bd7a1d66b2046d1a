-- Not worth a write to the disk: whoever misses it polls.
select set_config('synchronous_commit', 'off', true), pg_notify('pullwright_delivery', '')
