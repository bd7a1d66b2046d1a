update pullwright.reply set claimed_by = null where key = $1 and done_at is null
