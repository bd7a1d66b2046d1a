import type { JournalEvent } from '../../domain/journal-event.ts';
import type { RunContext } from '../run-context.ts';

type Solved = Extract<JournalEvent, { kind: 'solver.finished' }>;

const noModel = 'No model is set up, so only the suggestions of the review can be applied.';

/** Without a model nobody understands a comment: what can be done is what the reviewer wrote out. */
export const planWithoutModel = {
  solver: 'repair',
  summary: noModel,
  steps: [
    {
      id: 'suggestions',
      title: 'Apply the suggestions of the review',
      acceptance: 'Each stands exactly on the lines that it names',
      status: 'done',
    },
  ],
} as const;

/** What came of it: the suggestions are in the work tree already. */
export function solvedWithoutModel(
  context: RunContext,
): Pick<Solved, 'stopReason' | 'summary' | 'notDone' | 'details'> {
  const { applied = [], refused = [] } = context.last('suggestions.applied') ?? {};
  const comments = context.run.input.round?.comments.length ?? 0;
  const open = comments - applied.length;
  return {
    stopReason: 'finished',
    summary: `${noModel} ${applied.length} of ${applied.length + refused.length} were applied.`,
    notDone: open > 0 ? `${open} of ${comments} comments need a person or a model.` : '',
    details: {},
  };
}
