import type { Invariant } from '../invariant.ts';
import { hasOwnLastWord, silenceMs } from './last-word.ts';

export const endsInTime: Invariant = {
  id: 'I12',
  title: 'an accepted trigger ends before its deadline, and people see it',
  kind: 'run',
  check({ run, entries, ageMs, endedMs, told }, { deadlineMs }) {
    if (endedMs === null) {
      return ageMs > deadlineMs ? [`it is open since ${Math.round(ageMs / 3_600_000)} hours`] : [];
    }
    const end = entries.findIndex(({ event }) => event.kind === 'run.ended');
    if (end === -1) return ['it is over, and its journal does not say so'];
    const visible = told || hasOwnLastWord(entries) || endedMs < silenceMs || run.trigger === 'local';
    return visible ? [] : ['it ended and nobody was told'];
  },
};
