select 1 from pullwright.run_message message
where message.run_id = $1 and message.seq > $2 and not exists (
  select from pullwright.run_event event
  where event.run_id = message.run_id and event.key = 'message:' || message.trigger_key
)
limit 1
