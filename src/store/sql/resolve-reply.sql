update pullwright.reply set done_at = now(), claimed_by = null where key = $1 and done_at is null
