-- When the person was told whose request could not be processed. What died before is not told any more.
alter table pullwright.delivery add column told_at timestamptz;
update pullwright.delivery set told_at = now() where state = 'dead';
