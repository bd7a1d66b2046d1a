import type { BudgetWait } from '../../domain/budget-wait.ts';
import type { EffectResult } from '../../domain/effect.ts';
import type { CommitId } from '../../domain/ids.ts';
import type { Wait } from '../../domain/journal-event.ts';
import { blocks, isGreen } from '../../domain/verdicts.ts';
import { projectRun } from '../../record/project-run.ts';
import { releaseOf } from '../../record/release-of.ts';
import { renderPullRequestBody, renderPullTitle } from '../../record/render-pull-request.ts';
import { approveHeld, type HeldOutcome } from '../approve-held.ts';
import { againWith, mayNotPush, reopenedFor } from '../before-push.ts';
import { breachToWaitFor, waitWithDraft } from '../budget-of-draft.ts';
import { checkAuthority } from '../check-authority.ts';
import { type ChecksOutcome, settleChecks } from '../checks/settle-checks.ts';
import { askOwners, labelPull } from '../dress-pull.ts';
import { verdictsOf } from '../judge-tree.ts';
import { noteEdits } from '../note-edits.ts';
import { draftOfOurs } from '../own-draft.ts';
import { lastOfPublication } from '../publication.ts';
import { publishChecks, publishReleasedChecks } from '../publish-checks.ts';
import { publishMerge } from '../publish-merge.ts';
import { readConventions } from '../pull-conventions.ts';
import { pushCommit } from '../push-commit.ts';
import { answerRound } from '../rounds/answer-round.ts';
import { showRunCheck } from '../run-check.ts';
import type { RunContext } from '../run-context.ts';
import { signEvidence } from '../sign-evidence.ts';
import { refuse, type Step, type StepOutcome } from '../step.ts';
import { updateBody } from '../update-body.ts';
import { uploadSarif } from '../upload-sarif.ts';
import { budgetWaitOf } from '../wait-for-budget.ts';

/** Commit, push, pull request, check runs, ready: in this order, each one an effect that happens once. */
export const publish: Step = {
  name: 'publish',
  nexts: ['implement', 'finish'],
  async run(context, { round }) {
    const reopened = context.last('publication.reopened', (event) => event.round === round);
    if (reopened) return againWith(round, reopenedFor[reopened.why]);
    const wait = budgetWaitOf(context, { at: 'publish', round });
    if (wait) return (await waitWithDraft(context, wait)) ?? againWith(round, reopenedFor.budget);
    const refusal = hasWaited(context, ['held', 'checks']) ? undefined : await checkAuthority(context);
    if (refusal) return refusal;
    if (context.run.trigger === 'update') return await publishMerge(context, round);
    return (await mayNotPush(context, round)) ?? (await push(context, round));
  },
};

async function push(context: RunContext, round: number): Promise<StepOutcome> {
  await noteEdits(context);
  const pushed = await pushCommit(context);
  if (!pushed.ok) return whyNotPushed(context, pushed.message);
  await signEvidence(context, pushed.commit);
  await readConventions(context);
  const shown = await openPull(context, { round, commit: pushed.commit, ...stateOf(context, round) });
  if (!shown.wait) return shown.outcome;
  return (await waitWithDraft(context, shown.wait)) ?? againWith(round, reopenedFor.budget);
}

/** Beside its draft: then an approver answers for the rest, or whoever asked is asked about again at its end. */
function hasWaited(context: RunContext, kinds: readonly Wait['kind'][]): boolean {
  return lastOfPublication(context, 'wait.begun', ({ wait }) => kinds.includes(wait.kind)) !== undefined;
}

/**
 * Green verdicts on work that stopped half-way are no reason to call it ready, and where anything else is in the way,
 * nobody is asked to release what is held.
 */
function stateOf(context: RunContext, round: number): Pick<Published, 'green' | 'onlyHeld'> {
  const verdicts = verdictsOf(context, round);
  const done = context.fact('solver.finished').stopReason === 'finished' && verdicts.length > 0;
  const { approvals } = projectRun(context.run, context.entries);
  // An approval of the hold itself comes after the draft, by the way that checks it again.
  const shown = approvals.filter(({ wait }) => wait.kind === 'protected');
  const green = done && isGreen(verdicts, releaseOf({ verdicts, approvals: shown }) !== undefined);
  const canAsk = context.run.trigger !== 'local';
  return { green, onlyHeld: done && !green && canAsk && !verdicts.some(blocks) };
}

function whyNotPushed(context: RunContext, message: string): StepOutcome {
  const { head } = context.fact('base.chosen');
  return refuse(
    `GitHub did not take the push to \`${head}\`: ${message}. ` +
      'If somebody pushed to the branch in the meantime, their commits are untouched; `/agent retry` works on top of them.',
  );
}

interface Published {
  readonly round: number;
  readonly commit: CommitId;
  readonly green: boolean;
  /** Nothing is in the way but what a person may release. */
  readonly onlyHeld: boolean;
}

/** What a budget still has to be waited for beside what people see now, and how the run ends without that. */
interface Shown {
  readonly wait: BudgetWait | undefined;
  readonly outcome: StepOutcome;
}

async function openPull(context: RunContext, published: Published): Promise<Shown> {
  const { run } = context;
  const { commit } = published;
  const pull = run.target.kind === 'pull-request' ? existingPull(context) : await newPull(context, published);
  await publishChecks(context, commit);
  if (pull.outcome === 'rejected' || pull.number === undefined)
    return {
      wait: breachToWaitFor(context, { at: 'publish', round: published.round, pull: null }),
      outcome: refuse(whyNoPull(context, pull)),
    };
  await uploadSarif(context, pull.number, commit);
  if (run.target.kind === 'issue') await labelPull(context, pull.number);
  const { number } = pull;
  const wait = breachToWaitFor(context, { at: 'publish', round: published.round, pull: number });
  if (wait) return { wait, outcome: await asItStands(context, number, published) };
  // Before anybody is waited for: a reviewer must not wait with us, but for the rest of the work itself.
  await answerRound(context);
  return { wait, outcome: await makeReady(context, { ...pull, number }, published) };
}

/** A draft of half the work: nobody is asked about it, and CI is not waited for. */
async function asItStands(context: RunContext, number: number, published: Published): Promise<StepOutcome> {
  await updateBody(context, number);
  const summary = `#${number} ${howItStands(published, undefined)}`;
  return { next: 'finish', end: { state: 'published', summary }, summary };
}

/** Others' checks first, then a person where something is held, then ready; each of them may leave it a draft. */
async function makeReady(
  context: RunContext,
  pull: EffectResult & { readonly number: number },
  published: Published,
): Promise<StepOutcome> {
  const { number } = pull;
  const checks = await checksOf(context, number, published);
  if (checks.kind === 'again') return againWith(published.round, checks.why);
  const asks = published.onlyHeld && checks.kind === 'ready';
  const held = asks ? await release(context, number, published.commit) : undefined;
  await updateBody(context, number);
  if (checks.kind === 'ready' && (published.green || held?.released)) await markReady(context, pull);
  const stands = checks.kind === 'draft' ? `stays as it is: ${checks.why}` : howItStands(published, held);
  const summary = `#${number} ${stands}`;
  return { next: 'finish', end: { state: 'published', summary }, summary };
}

/** Others' checks count once ours are green, before a person is asked to release anything: they may change the work. */
async function checksOf(
  context: RunContext,
  number: number,
  { round, commit, green, onlyHeld }: Published,
): Promise<ChecksOutcome> {
  // They have ended when a person is asked; from then on the run waits for that person alone.
  if ((!green && !onlyHeld) || hasWaited(context, ['held'])) return { kind: 'ready' };
  const tell = async (): Promise<void> => {
    if (context.run.target.kind === 'issue') await updateBody(context, number);
  };
  return await settleChecks(context, { round, number, commit, tell });
}

/** Waits for a person; the checks say so afterwards. The draft stands and is told of before. */
async function release(context: RunContext, number: number, commit: CommitId): Promise<HeldOutcome> {
  const tell = async (): Promise<void> => await updateBody(context, number);
  await showRunCheck(context, commit);
  const held = await approveHeld(context, { number, commit, tell });
  if (held.released) await publishReleasedChecks(context, commit);
  return held;
}

function howItStands({ green }: Published, held: HeldOutcome | undefined): string {
  if (held?.released) return `is open: ${held.by.login} released what was held`;
  if (held) return `is held as it was: ${held.why}`;
  return green ? 'is open and green' : 'is a draft: not everything is green';
}

function whyNoPull(context: RunContext, { message = 'no reason given' }: EffectResult): string {
  const { head } = context.fact('base.chosen');
  if (!/draft/i.test(message)) {
    return `The work is on branch \`${head}\`, but GitHub did not open a pull request: ${message}`;
  }
  return (
    `The work is on branch \`${head}\`, without a pull request: not everything is green, and this repository has no ` +
    'draft pull requests (private repositories on free plans). The checks on the branch say what failed. Push to it ' +
    'and open the pull request yourself, or start again with more detail.'
  );
}

function existingPull(context: RunContext): EffectResult {
  const { number, htmlUrl } = context.run.target;
  return { outcome: 'adopted', number, url: htmlUrl, draft: false };
}

/**
 * A draft until the checks are published. Private repositories on free plans answer 422 to drafts: there the pull
 * request opens only when it is green, and until then the tracking comment links the branch.
 */
async function newPull(context: RunContext, { green }: Published): Promise<EffectResult> {
  const draft = await performOpen(context, 'pull', true);
  if (draft.outcome !== 'rejected' || !green) return draft;
  return await performOpen(context, 'pull-ready', false);
}

async function performOpen(context: RunContext, key: string, draft: boolean): Promise<EffectResult> {
  const { run, lease, ports } = context;
  const record = projectRun(run, context.entries);
  const { head, base } = context.fact('base.chosen');
  const result = await ports.effects.perform(run, lease, key, {
    kind: 'pull.open',
    head,
    base,
    title: renderPullTitle(record),
    body: renderPullRequestBody(record),
    draft,
  });
  await context.refresh();
  return result;
}

/** By rule on recorded verdicts, on our own pull request only; a model can not ask for it. */
async function markReady(context: RunContext, pull: EffectResult): Promise<void> {
  const { run, lease, ports } = context;
  const draft = run.target.kind === 'issue' ? pull : await draftOfOurs(context);
  if (draft?.number === undefined || draft.nodeId === undefined || draft.draft === false) return;
  const { number, nodeId } = draft;
  await ports.effects.perform(run, lease, 'ready', { kind: 'pull.ready', number, nodeId });
  await context.refresh();
  await askOwners(context, number);
}
