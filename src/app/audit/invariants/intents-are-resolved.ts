import type { Invariant } from '../invariant.ts';
import { eventsOf } from './events-of.ts';
import { hasOwnLastWord, silenceMs } from './last-word.ts';

export const intentsAreResolved: Invariant = {
  id: 'I8',
  title: 'an effect has an intent, and every intent is resolved before the run ends',
  kind: 'run',
  check({ run, entries, effects, told, endedMs }) {
    const known = new Set(effects.map(({ key }) => key));
    // A run that others ended cannot read anything back; the last word about it says what may have happened.
    const byOthers = !hasOwnLastWord(entries) && (told || (endedMs ?? 0) < silenceMs);
    const isSettled = run.endedAt === null || byOthers;
    const open = isSettled ? [] : effects.filter(({ state }) => state === 'intended');
    const sent = new Set(eventsOf(entries, 'effect.sent').map(({ key }) => key));
    return [
      ...open.map(({ key, kind }) => `it ended and effect ${key} (${kind}) is not resolved`),
      ...[...sent].filter((key) => !known.has(key)).map((key) => `effect ${key} was sent without an intent`),
    ];
  },
};
