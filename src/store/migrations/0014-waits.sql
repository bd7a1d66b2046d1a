-- Which wait a parked run is in, since when, and how long it has waited for people in all: their time is not the run's.
alter table pullwright.run add column wait_id text;
alter table pullwright.run add column parked_at timestamptz;
alter table pullwright.run add column waited interval not null default '0';
