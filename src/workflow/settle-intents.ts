import type { Effect } from '../domain/effect.ts';
import type { CommitId } from '../domain/ids.ts';
import { isPublished } from '../record/is-published.ts';
import { projectRun } from '../record/project-run.ts';
import { renderChecks, renderReleasedChecks, renderRunCheck } from '../record/render-check.ts';
import { renderChecksQuestion } from '../record/render-checks-question.ts';
import { renderPullRequestBody, renderPullTitle } from '../record/render-pull-request.ts';
import { renderReview } from '../record/render-review.ts';
import { renderUndo } from '../record/render-undo.ts';
import { wholeReview } from '../text/whole-review.ts';
import { publicationOf } from './publication.ts';
import { messageOf } from './push-commit.ts';
import { reviewedCommit } from './review-start.ts';
import { rebuiltAnswer } from './rounds/answer-round.ts';
import { commitOfRunCheck } from './run-check.ts';
import type { RunContext } from './run-context.ts';
import { sarifEffect } from './upload-sarif.ts';

/**
 * Before a run ends, whatever it was in the middle of: no intent stays open. A run that is stopped while an answer is
 * missing would else leave a pull request behind that its own record does not know.
 */
export async function settleIntents(context: RunContext): Promise<void> {
  const { run, lease, ports } = context;
  await ports.effects.settle(run, lease, (key) => rebuilt(context, key));
  await context.refresh();
}

/** What has a key of its own, once in a run or in each of its publications. */
const byKey: ReadonlyMap<string, (context: RunContext) => Effect | undefined> = new Map([
  ['commit', (context) => rebuiltPush(context, 'commit')],
  ['push', (context) => rebuiltPush(context, 'push')],
  ['pull', (context) => rebuiltPull(context, true)],
  ['pull-ready', (context) => rebuiltPull(context, false)],
  ['ready', rebuiltReady],
  ['pull-report', rebuiltReport],
  ['undo-report', rebuiltUndoReport],
  ['sarif', rebuiltSarif],
  ['checks-question', rebuiltQuestion],
]);

/** An effect as its step announced it: the journal holds all that it was made of. */
function rebuilt(context: RunContext, key: string): Effect | undefined {
  if (!context.last('base.chosen')) return undefined;
  // From its second publication on a run numbers what each one does.
  const ofKey = byKey.get(key.replace(/:\d+$/, ''));
  if (ofKey) return ofKey(context);
  if (key === 'review-report' || key.startsWith('review:')) return rebuiltReview(context, key);
  return rebuiltCheck(context, key) ?? rebuiltAnswer(context, key);
}

function rebuiltPush(context: RunContext, push: string): Effect | undefined {
  const made = context.last('commit.made');
  if (!made) return undefined;
  const { head: branch } = context.fact('base.chosen');
  const { expected, parent, merged, parentTree } = publicationOf(context);
  if (push === 'push') return { kind: 'branch.push', branch, commit: made.commit as CommitId, expected };
  return {
    kind: 'commit.publish',
    branch,
    expected,
    parent,
    ...(merged ? { merged } : {}),
    parentTree,
    tree: made.treeId,
    message: messageOf(context, made.files),
    files: [],
  };
}

function rebuiltPull(context: RunContext, draft: boolean): Effect {
  const record = projectRun(context.run, context.entries);
  const { head, base } = context.fact('base.chosen');
  const [title, body] = [renderPullTitle(record), renderPullRequestBody(record)];
  return { kind: 'pull.open', head, base, title, body, draft };
}

function rebuiltReady(context: RunContext): Effect | undefined {
  const opened = context.last('effect.sent', ({ effect }) => effect === 'pull.open')?.result;
  if (opened?.number === undefined || opened.nodeId === undefined) return undefined;
  return { kind: 'pull.ready', number: opened.number, nodeId: opened.nodeId };
}

function rebuiltReport({ run, entries }: RunContext): Effect {
  const body = renderPullRequestBody(projectRun(run, entries));
  return { kind: 'comment.create', issue: run.target.number, body };
}

function rebuiltReview(context: RunContext, key: string): Effect | undefined {
  const { run, entries } = context;
  const reviewed = reviewedCommit(context);
  if (!reviewed || !context.last('review.settled')) return undefined;
  const record = projectRun(run, entries);
  const { number } = run.target;
  if (key === 'review-report')
    return { kind: 'comment.create', issue: number, body: wholeReview(renderReview(record)) };
  return { kind: 'review.create', number, commit: reviewed.sha as CommitId, ...renderReview(record) };
}

function rebuiltQuestion({ run, entries }: RunContext): Effect | undefined {
  const record = projectRun(run, entries);
  if (!record.pull || !record.checks) return undefined;
  const body = renderChecksQuestion(record, record.checks.why);
  return { kind: 'comment.create', issue: record.pull.number, body };
}

/** Found again by its marker; its words are not compared. */
function rebuiltUndoReport(context: RunContext): Effect | undefined {
  const pull = context.last('undo.planned')?.pull ?? null;
  const body = renderUndo(projectRun(context.run, context.entries), null);
  return pull === null ? undefined : { kind: 'comment.create', issue: pull, body };
}

function rebuiltCheck(context: RunContext, key: string): Effect | undefined {
  const record = projectRun(context.run, context.entries);
  const shownOn = commitOfRunCheck(key);
  if (shownOn !== undefined) return { kind: 'check.publish', headSha: shownOn, ...renderRunCheck(record) };
  if (!key.startsWith('check:') && !key.startsWith('check-released:')) return undefined;
  const sha = context.last('effect.sent', isPublished)?.result.sha ?? reviewedCommit(context)?.sha;
  const checks = key.startsWith('check:') ? renderChecks(record) : renderReleasedChecks(record);
  const check = checks.find(({ name }) => key.endsWith(`:${name}`));
  return check && sha !== undefined
    ? { kind: 'check.publish', headSha: sha as CommitId, ...check }
    : undefined;
}

function rebuiltSarif(context: RunContext): Effect | undefined {
  const sha = context.last('effect.sent', isPublished)?.result.sha;
  const { pull } = projectRun(context.run, context.entries);
  return pull && sha !== undefined ? sarifEffect(context, pull.number, sha as CommitId) : undefined;
}
