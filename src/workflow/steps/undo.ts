import { projectRun } from '../../record/project-run.ts';
import { renderUndo } from '../../record/render-undo.ts';
import { checkAuthority } from '../check-authority.ts';
import { planUndo } from '../plan-undo.ts';
import { pushCommit } from '../push-commit.ts';
import type { RunContext } from '../run-context.ts';
import { refuse, type Step, type StepOutcome } from '../step.ts';

/**
 * Takes back our commits on a pull request's branch, by one commit on top. No gate judges it: what comes is what was
 * there before, and a person with the right to push asked for exactly that.
 */
export const undo: Step = {
  name: 'undo',
  nexts: ['finish'],
  async run(context) {
    const { pull, treeId, problem, commits } = await planUndo(context);
    const refusal = context.last('commit.made') ? undefined : await checkAuthority(context);
    if (refusal) return refusal;
    if (treeId === null) return await say(context, pull, refuse(problem));
    const pushed = await pushCommit(context);
    if (!pushed.ok) return await say(context, pull, refuse(whyNotPushed(context, pushed.message)));
    const number = pull === null ? '' : `#${pull}: `;
    const summary = `${number}${commits.length} of my commits taken back`;
    return await say(context, pull, { next: 'finish', end: { state: 'published', summary }, summary });
  },
};

function whyNotPushed(context: RunContext, message: string): string {
  const { head } = context.fact('base.chosen');
  return (
    `GitHub did not take the push to \`${head}\`: ${message}. ` +
    'If somebody pushed to the branch in the meantime, their commits are untouched; write `/agent undo` again.'
  );
}

/** Where the branch is looked at, and not only on the issue. */
async function say(context: RunContext, pull: number | null, outcome: StepOutcome): Promise<StepOutcome> {
  const { run, lease, ports } = context;
  if (pull === null || pull === run.trackingIssue) return outcome;
  const body = renderUndo(
    projectRun(run, context.entries),
    outcome.end?.state === 'published' ? null : outcome.summary,
  );
  await ports.effects.perform(run, lease, 'undo-report', { kind: 'comment.create', issue: pull, body });
  await context.refresh();
  return outcome;
}
