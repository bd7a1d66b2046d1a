select id from pullwright.run where id = $1 for update
