import type { CommitId } from '../domain/ids.ts';
import { blocks, isGreen, isHeld } from '../domain/verdicts.ts';
import { mayNotPush } from './before-push.ts';
import { verdictsOf } from './judge-tree.ts';
import { openWorkspace } from './open-workspace.ts';
import { publishChecks } from './publish-checks.ts';
import { pushCommit } from './push-commit.ts';
import type { RunContext } from './run-context.ts';
import { signEvidence } from './sign-evidence.ts';
import { refuse, type StepOutcome } from './step.ts';
import { startTree } from './steps/snapshot.ts';
import { updateBody } from './update-body.ts';

/** A merge that nobody asked for just now is pushed only where every gate is green. */
export async function publishMerge(context: RunContext, round: number): Promise<StepOutcome> {
  const { upToDate } = context.fact('base.merged');
  const { headTip } = context.fact('base.chosen');
  const unfit = whyUnfit(context, round);
  if (upToDate) return await judged(context, headTip as CommitId, unfit ?? 'the gates are green again');
  if (unfit !== undefined) return refuse(`${unfit} Nothing was pushed; the branch is as it was.`);
  const stopped = await mayNotPush(context, round, await ownChanges(context));
  if (stopped) return stopped;
  const pushed = await pushCommit(context);
  if (!pushed.ok) return refuse(whyNotPushed(context, pushed.message));
  await signEvidence(context, pushed.commit);
  return await judged(context, pushed.commit, 'the base was merged, and the gates are green');
}

async function judged(context: RunContext, commit: CommitId, how: string): Promise<StepOutcome> {
  const { number } = context.run.target;
  await publishChecks(context, commit);
  await updateBody(context, number);
  const summary = `#${number}: ${how}`;
  return { next: 'finish', end: { state: 'published', summary }, summary };
}

function whyUnfit(context: RunContext, round: number): string | undefined {
  const verdicts = verdictsOf(context, round);
  const { stopReason, summary } = context.fact('solver.finished');
  if (stopReason !== 'finished') return `The merge was not finished (${stopReason}): ${summary}`;
  if (isGreen(verdicts, false)) return undefined;
  const reasons = verdicts
    .filter((verdict) => blocks(verdict) || isHeld(verdict))
    .map((verdict) => `${verdict.gate}: ${verdict.summary}`);
  return `With the base merged not every gate is green: ${reasons.join('; ')}.`;
}

function whyNotPushed(context: RunContext, message: string): string {
  const { head } = context.fact('base.chosen');
  return `GitHub did not take the merge on \`${head}\`: ${message}. What somebody pushed meanwhile is untouched.`;
}

/** What the merge itself made: a file that reads as on one of the two sides was accepted there before. */
async function ownChanges(context: RunContext): Promise<ReadonlySet<string>> {
  const workspace = await openWorkspace(context);
  const { headTip } = context.fact('base.chosen');
  const { treeId } = context.fact('solver.finished');
  const ours = await workspace.treeOf(headTip as CommitId);
  const fromBase = new Set((await workspace.changes(startTree(context), treeId)).map(({ path }) => path));
  const fromBranch = (await workspace.changes(ours, treeId)).map(({ path }) => path);
  return new Set(fromBranch.filter((path) => fromBase.has(path)));
}
