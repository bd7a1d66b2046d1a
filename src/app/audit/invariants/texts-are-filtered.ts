import type { Invariant } from '../invariant.ts';
import { eventsOf } from './events-of.ts';

/** Each text that was shown was looked at once more, by other means than the output filter's, just after it was sent. */
export const textsAreFiltered: Invariant = {
  id: 'I24',
  title: 'nothing acts in a text that was shown on GitHub',
  kind: 'run',
  partly: 'by the proof kept with each effect; answers that belong to no run are the type PublishableText’s',
  check({ entries }) {
    const found = eventsOf(entries, 'effect.sent').flatMap(({ key, result }) =>
      (result.text?.live ?? []).map((what) => `the text of effect ${key} holds ${what}`),
    );
    return [...new Set(found)];
  },
};
