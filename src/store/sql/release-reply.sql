update pullwright.reply set claimed_by = null where key = $1 and claimed_at = $2::timestamptz and done_at is null
