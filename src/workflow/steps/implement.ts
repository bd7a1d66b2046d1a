import { AppError } from '../../domain/app-error.ts';
import type { ErrorCode } from '../../domain/error-catalogue.ts';
import type { TreeId } from '../../domain/ids.ts';
import type { JournalEvent } from '../../domain/journal-event.ts';
import type { StopReason } from '../../domain/stop-reason.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { openWorkspace } from '../open-workspace.ts';
import { publicationOf } from '../publication.ts';
import { answerRound } from '../rounds/answer-round.ts';
import { solvedWithoutModel } from '../rounds/plan-without-model.ts';
import type { RunContext } from '../run-context.ts';
import { runRepair } from '../run-repair.ts';
import { refuse, type Step, type StepOutcome } from '../step.ts';
import { isGivenUp } from '../wait-for-budget.ts';
import { workWithinBudget } from '../work-within-budget.ts';
import { startTree } from './snapshot.ts';

type Solved = Extract<JournalEvent, { kind: 'solver.finished' }>;

/** Changes the code: by the model's turns, or by search where there is no model. */
export const implement: Step = {
  name: 'implement',
  nexts: ['verify', 'finish'],
  async run(context, { round }) {
    const solved = await context.once(
      'solver.finished',
      `solver.finished:${round}`,
      (event) => event.round === round,
      async () => await solve(context, round),
    );
    return await outcomeOf(context, solved);
  },
};

async function solve(context: RunContext, round: number): Promise<Solved> {
  const { solver } = context.fact('plan.made');
  const workspace = await openWorkspace(context);
  const result =
    solver === 'model' ? await withModel(context, round) : await withoutModel(context, workspace);
  await context.refresh();
  const treeId = treeAfter(context, workspace);
  if (treeId === startTree(context) && !isGivenUp(context)) waitFor(result);
  return { kind: 'solver.finished', round, solver, ...result, treeId };
}

const waitCodes: { readonly [Reason in StopReason]?: ErrorCode } = {
  'model-unavailable': 'model-unavailable',
  'model-misconfigured': 'model-misconfigured',
  budget: 'budget-exhausted',
};

/** Nothing was done yet and a provider or the operator can change that: the run waits instead of ending empty. */
function waitFor({
  stopReason,
  summary,
}: {
  readonly stopReason: StopReason;
  readonly summary: string;
}): void {
  const code = waitCodes[stopReason];
  if (code) throw new AppError(code, summary);
}

async function withoutModel(context: RunContext, workspace: Workspace) {
  return context.run.input.round ? solvedWithoutModel(context) : await runRepair(context, workspace);
}

async function withModel(context: RunContext, round: number) {
  const feedback = failedFeedback(context, round - 1);
  const phase = { phase: 'implement', round, feedback } as const;
  const work = await workWithinBudget(context, phase, () => isNew(context));
  if (work.kind === 'given-up')
    return { stopReason: 'budget', summary: '', notDone: work.text, details: {} } as const;
  const { stopReason, summary, notDone, turns, breach } = work.outcome;
  return { stopReason, summary, notDone, details: breach ? { turns, breach } : { turns } };
}

/** Whether there is something that nobody has seen yet. A merge is shown whole or not at all. */
function isNew(context: RunContext): boolean {
  if (context.run.trigger === 'update') return false;
  const treeId = context.last('checkpoint.made')?.treeId;
  return treeId !== undefined && treeId !== publicationOf(context).parentTree;
}

/** The newest checkpoint is the work; without one nothing was changed. */
function treeAfter(context: RunContext, workspace: Workspace): TreeId {
  return context.last('checkpoint.made')?.treeId ?? workspace.baseTree;
}

function failedFeedback(context: RunContext, round: number): string {
  const ci = context.last('checks.judged', (event) => event.round === round)?.feedback ?? '';
  return [gatesFeedback(context, round), ci].filter((part) => part !== '').join('\n\n');
}

function gatesFeedback(context: RunContext, round: number): string {
  return context.entries
    .map(({ event }) => event)
    .filter((event) => event.kind === 'gate.judged')
    .filter((event) => event.round === round && event.verdict.feedback !== '')
    .map(({ verdict }) => `## ${verdict.gate}\n${verdict.feedback}`)
    .join('\n\n');
}

async function outcomeOf(context: RunContext, solved: Solved): Promise<StepOutcome> {
  const changed = solved.treeId !== startTree(context);
  if (changed) return { next: 'verify', summary: `${solved.stopReason}: ${solved.summary.slice(0, 200)}` };
  if (context.run.input.round) {
    await answerRound(context);
    return refuse(
      `No comment of the review led to a change; each thread says why.\n\n${solved.summary}`.trim(),
    );
  }
  return refuse(`${whyNothing[solved.stopReason]}\n\n${solved.summary}`.trim());
}

/** What a run without any change says, by why it stopped; each names what to do next. */
const whyNothing: Readonly<Record<StopReason, string>> = {
  finished:
    'The work ended without any change to the code. Say more about what should change, then start again.',
  'turn-limit': 'The turn limit was reached without any change. A smaller issue has better chances.',
  'time-limit': 'The time limit was reached without any change. A smaller issue has better chances.',
  budget:
    'The budget was used up without any change. Start again with a larger one (`/agent budget <usd>` while the run is under way), or split the issue.',
  'model-unavailable': 'No model of the chain answered. Start again later.',
  'model-misconfigured':
    'The model refused our key or our request. The operator has to look at the model settings.',
  'model-refused': 'The model declined to work on this.',
  loop: 'The model went round in circles and was stopped. More detail in the issue may help.',
  'malformed-calls':
    'The model kept sending calls that make no sense and was stopped. Another model may do better.',
  'no-repair-found':
    'The embedded repair engine found no small change that makes the failing tests pass. A model may: ask the operator to set a key.',
  'no-failing-test': 'No test fails, so the embedded repair engine has nothing to work on.',
  cancelled: 'The run was stopped.',
};
