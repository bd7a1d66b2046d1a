delete from pullwright.run_message using pullwright.run where run.id = run_message.run_id and run.installation_id = $1
