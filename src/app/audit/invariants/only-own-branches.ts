import { isPublished } from '../../../record/is-published.ts';
import type { Invariant } from '../invariant.ts';
import { eventsOf } from './events-of.ts';

export const onlyOwnBranches: Invariant = {
  id: 'I11',
  title:
    'only agent branches or the pull request asked for are written, never the base, and none by a review',
  kind: 'run',
  check({ run, entries }) {
    if (run.trigger === 'review') {
      const written = eventsOf(entries, 'effect.sent').filter(isPublished);
      return written.map(({ effect }) => `it only reviews, and wrote a branch by ${effect}`);
    }
    return eventsOf(entries, 'base.chosen').flatMap(({ head, base }) => {
      const ours =
        run.target.kind === 'pull-request' ? head === run.branches.head : head.startsWith('agent/');
      const forbidden = head === base || head === run.repository.defaultBranch;
      return ours && !forbidden ? [] : [`it may not write branch ${head}`];
    });
  },
};
