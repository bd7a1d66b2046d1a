import type { JournalEvent } from '../../../domain/journal-event.ts';
import { isPublished } from '../../../record/is-published.ts';
import type { Invariant } from '../invariant.ts';
import { eventsOf } from './events-of.ts';

/** Without these a pushed commit cannot be explained from the database alone. */
const always: readonly JournalEvent['kind'][] = ['run.created', 'config.read', 'base.chosen', 'commit.made'];
const ofWork: readonly JournalEvent['kind'][] = ['commands.detected', 'plan.made', 'solver.finished'];
const ofUndo: readonly JournalEvent['kind'][] = ['undo.planned'];

export const effectsAreExplained: Invariant = {
  id: 'I22',
  title: 'what was done can be explained from the record',
  kind: 'run',
  check({ run, entries, effects }) {
    const sent = eventsOf(entries, 'effect.sent');
    const recorded = new Set(sent.map(({ key }) => key));
    const problems = effects
      .filter(({ state, key }) => state === 'done' && !recorded.has(key))
      .map(({ key }) => `effect ${key} is done and the journal does not have it`);
    const pushed = sent.some(isPublished);
    if (!pushed) return problems;
    const explained = [...always, ...(run.trigger === 'undo' ? ofUndo : ofWork)];
    const kinds = new Set(entries.map(({ event }) => event.kind));
    return [
      ...problems,
      ...explained
        .filter((kind) => !kinds.has(kind))
        .map((kind) => `it pushed, and its journal lacks ${kind}`),
    ];
  },
};
