-- The control issue of each repository that asked for one, and what we wrote on it.
create table pullwright.control_issue (
  repository_id bigint primary key,
  installation_id bigint not null,
  owner text not null,
  name text not null,
  -- Null: to be made, or to be found again.
  issue int,
  -- As it was written last, and what may have been written over it since.
  body text not null default '',
  sending text,
  -- Boxes whose ticks were heard of and that are to be unticked; ticks that nobody told us of, and up to when.
  taken text[] not null default '{}',
  handled text[] not null default '{}',
  missed text[] not null default '{}',
  missed_until timestamptz,
  -- The runs under way as it shows them.
  shape text,
  looked_at timestamptz not null default '-infinity',
  claimed_by int,
  claimed_at timestamptz not null default '-infinity'
);
create index control_issue_installation on pullwright.control_issue (installation_id);

-- Changes whenever a run of the repository is queued, starts, waits for something else, is stopped or ends.
create function pullwright.runs_under_way(p_repository bigint) returns text language sql stable as $$
  select coalesce(string_agg(
    concat_ws(' ', id, state, park_cause, wait_id, case when cancel_reason is null then '' else 'stopped' end),
    ',' order by id
  ), '')
  from pullwright.run where repository_id = p_repository and state in ('queued', 'running', 'parked')
$$;
create index run_ended_here on pullwright.run (repository_id, ended_at) where ended_at is not null;
create index spend_repository on pullwright.spend (repository_id, day);
