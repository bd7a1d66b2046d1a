-- An intent of a run that was ended without its worker: nobody will ask GitHub any more what became of it.
alter table pullwright.effect drop constraint effect_state_check;
alter table pullwright.effect add constraint effect_state_check check (state in ('intended', 'done', 'abandoned'));
