select * from pullwright.run where ($1::text is null or state = $1) and ($3::bigint is null or repository_id = $3) order by seq desc limit $2
