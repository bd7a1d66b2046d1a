import { blocks } from '../../../domain/verdicts.ts';
import type { Invariant } from '../invariant.ts';
import { eventsOf } from './events-of.ts';

export const noSelfEscalation: Invariant = {
  id: 'I20',
  title: 'ready is said only of the bot’s own pull request, by rule on recorded verdicts',
  kind: 'run',
  check({ run, entries }) {
    const ready = eventsOf(entries, 'effect.sent').some(
      ({ effect, result }) => effect === 'pull.ready' && result.outcome !== 'rejected',
    );
    if (!ready) return [];
    const judged = eventsOf(entries, 'gate.judged');
    const red = judged.filter(({ round, verdict }) => round === judged.at(-1)?.round && blocks(verdict));
    const others = eventsOf(entries, 'checks.judged').at(-1);
    return [
      ...(others && others.outcome !== 'green'
        ? [`it said ready although of others' checks: ${others.why}`]
        : []),
      ...(run.target.kind === 'issue' ? [] : ['it marked a pull request ready that is not its own']),
      ...red.map(({ verdict }) => `it said ready although ${verdict.gate} was ${verdict.status}`),
    ];
  },
};
