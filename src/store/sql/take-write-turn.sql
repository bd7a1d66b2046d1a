-- What is written without a lease is checked by its claim, in the statement that grants: nothing is waited for after it.
select case when own.holds then turn.state else 'lost' end as state, turn.wait_ms
from (
  select case $9::text
    when 'reply' then exists (
      select from pullwright.reply where key = $10 and claimed_at = $11::timestamptz and done_at is null
    )
    when 'control' then exists (
      select from pullwright.control_issue where repository_id::text = $10 and claimed_at = $11::timestamptz
    )
    else true
  end as holds
) as own, pullwright.take_write_turn($1, $2, $3, $4, $5, $6, $7, $8) as turn
