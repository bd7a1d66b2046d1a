import { AppError } from '../../domain/app-error.ts';
import type { CommitId } from '../../domain/ids.ts';
import { projectRun } from '../../record/project-run.ts';
import { renderReview } from '../../record/render-review.ts';
import { wholeReview } from '../../text/whole-review.ts';
import { checkAuthority } from '../check-authority.ts';
import { judgeTree } from '../judge-tree.ts';
import { openWorkspace } from '../open-workspace.ts';
import { publishChecks } from '../publish-checks.ts';
import { reviewedCommit } from '../review-start.ts';
import type { RunContext } from '../run-context.ts';
import { settleReview } from '../settle-review.ts';
import { refuse, type Step, type StepOutcome } from '../step.ts';

/**
 * Looks at somebody's pull request: gates on its head against where it left base, then a model that can only read and
 * propose. What comes out is a review that comments; nothing is pushed, approved or marked.
 */
export const review: Step = {
  name: 'review',
  nexts: ['finish'],
  async run(context, { round }) {
    const reviewed = reviewedCommit(context);
    if (!reviewed) throw new AppError('internal', 'a run that does not review came to the review');
    const { treeId } = reviewed;
    const workspace = await openWorkspace(context);
    const verdicts = await judgeTree(context, workspace, { treeId, round });
    await settleReview(context, workspace, { treeId, verdicts });
    const refusal = context.last('effect.sent', ({ effect }) => effect === 'review.create')
      ? undefined
      : await checkAuthority(context);
    if (refusal) return refusal;
    await publishChecks(context, reviewed.sha as CommitId);
    return await publishReview(context, reviewed.sha as CommitId);
  },
};

/** Where GitHub takes no review of this commit (it was forced off the branch), a comment says the same. */
async function publishReview(context: RunContext, commit: CommitId): Promise<StepOutcome> {
  const { run, lease, ports } = context;
  const record = projectRun(run, context.entries);
  const { number } = run.target;
  const sent = await ports.effects.perform(run, lease, `review:${run.triggerKey}`, {
    kind: 'review.create',
    number,
    commit,
    ...renderReview(record),
  });
  if (sent.outcome !== 'rejected') return done(context, commit, 'as a review');
  const body = wholeReview(renderReview(record));
  const told = await ports.effects.perform(run, lease, 'review-report', {
    kind: 'comment.create',
    issue: number,
    body,
  });
  if (told.outcome !== 'rejected') return done(context, commit, 'as a comment: GitHub took no review');
  return refuse(
    `GitHub took neither a review nor a comment on #${number}: ${told.message ?? 'no reason given'}`,
  );
}

function done(context: RunContext, commit: string, how: string): StepOutcome {
  const { lines } = context.fact('review.settled');
  const count = lines.length === 1 ? '1 line' : `${lines.length} lines`;
  const summary = `${commit.slice(0, 12)} was looked at, with something to say on ${count}, ${how}`;
  return { next: 'finish', end: { state: 'published', summary }, summary };
}
