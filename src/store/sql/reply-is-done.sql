select from pullwright.reply where key = $1 and done_at is not null
