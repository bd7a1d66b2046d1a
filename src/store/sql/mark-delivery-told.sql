update pullwright.delivery set told_at = now() where guid = $1
