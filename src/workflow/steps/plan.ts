import { AppError } from '../../domain/app-error.ts';
import type { PlanStep, SolverName } from '../../domain/journal-event.ts';
import { approvePlan } from '../approve-plan.ts';
import { assessPlan } from '../assess-plan.ts';
import { bringCheckpoint } from '../bring-checkpoint.ts';
import { failingTests } from '../failing-tests.ts';
import { planWithoutModel as roundWithoutModel } from '../rounds/plan-without-model.ts';
import { takeSuggestions } from '../rounds/take-suggestions.ts';
import type { RunContext } from '../run-context.ts';
import { refuse, type Step, type StepOutcome } from '../step.ts';
import { whyNoRepair } from '../why-no-repair.ts';
import { workWithinBudget } from '../work-within-budget.ts';

/** Decides what will be done, before anything is changed. */
export const plan: Step = {
  name: 'plan',
  nexts: ['implement', 'finish'],
  async run(context) {
    const refusal = await bringCheckpoint(context);
    if (refusal) return refusal;
    // A checkpoint of a round holds its suggestions already.
    if (!context.run.from) await takeSuggestions(context);
    for (;;) {
      const stopped = await makePlan(context);
      if (stopped) return stopped;
      const held = await approvePlan(context);
      if (held === undefined) return toImplement(context);
      if (held !== 'revised') return held;
    }
  },
};

/** Makes the first plan, or the next one after the newest was withdrawn; the outcome that ends the run without one. */
async function makePlan(context: RunContext): Promise<StepOutcome | undefined> {
  const plans = plansSoFar(context);
  const asked = context.entries.filter(({ key }) => key?.startsWith('wait-spent:plan:')).length;
  if (plans > asked) return undefined;
  if (context.ports.chain) return await planWithModel(context, plans + 1);
  if (!context.run.input.round) return await planRepair(context);
  await made(context, roundWithoutModel);
  return undefined;
}

function plansSoFar(context: RunContext): number {
  return context.entries.filter(({ event }) => event.kind === 'plan.made').length;
}

async function planWithModel(context: RunContext, round: number): Promise<StepOutcome | undefined> {
  const work = await workWithinBudget(context, { phase: 'plan', round, feedback: '' }, () => false);
  if (work.kind === 'given-up')
    return refuse(`The budget was used up before there was a plan, and nothing was changed. ${work.text}`);
  const { outcome } = work;
  if (outcome.stopReason === 'model-misconfigured' || outcome.stopReason === 'model-unavailable') {
    return await planWithoutModel(context, outcome.stopReason, outcome.summary);
  }
  if (outcome.stopReason === 'budget') throw new AppError('budget-exhausted', outcome.summary);
  if (outcome.stopReason !== 'finished')
    return refuse(`Planning stopped (${outcome.stopReason}): ${outcome.summary}`);
  await made(context, { solver: 'model', summary: outcome.summary, steps: outcome.plan });
  return undefined;
}

/**
 * No model of the chain answers: a bug with a failing test can still be repaired by search. Otherwise the run waits
 * for the provider or the operator.
 */
async function planWithoutModel(
  context: RunContext,
  code: 'model-misconfigured' | 'model-unavailable',
  why: string,
): Promise<StepOutcome | undefined> {
  // The search starts from the base: it would not go on from a checkpoint.
  if (context.run.input.round || context.run.from || !canRepair(context)) throw new AppError(code, why);
  await context.append({ kind: 'note', level: 'warn', text: `No model answered: ${why}` }, 'note:no-model');
  return await planRepair(context);
}

function canRepair(context: RunContext): boolean {
  return (
    failingTests(context).length > 0 || (context.last('baseline.finished')?.tests?.infra ?? null) !== null
  );
}

/** A suite that hangs or crashes names no failing test; the search then looks for itself. */
async function planRepair(context: RunContext): Promise<StepOutcome | undefined> {
  const failing = failingTests(context);
  if (!canRepair(context)) return refuse(whyNoRepair(context));
  const titles = failing.slice(0, 3).map(({ title }) => `\`${title}\``);
  const more = failing.length > 3 ? ` and ${failing.length - 3} more` : '';
  const target =
    failing.length === 0 ? 'the suite, which does not end well on base' : `${titles.join(', ')}${more}`;
  await made(context, {
    solver: 'repair',
    summary: `Search for a small change that makes the failing test pass: ${target}.`,
    steps: [
      step(
        'localise',
        'Find the code that the failing tests run and the passing ones do not',
        'Places ranked by suspicion',
      ),
      step('search', 'Try small changes there against the failing tests', 'A change under which they pass'),
      step('confirm', 'Run the whole test suite on the change', 'No test that passed before fails'),
    ],
  });
  return undefined;
}

function step(id: string, title: string, acceptance: string): PlanStep {
  return { id, title, acceptance, status: 'open' };
}

async function made(
  context: RunContext,
  result: { readonly solver: SolverName; readonly summary: string; readonly steps: readonly PlanStep[] },
): Promise<void> {
  const assessment = await assessPlan(context, result);
  const risk = `${assessment.high ? 'high' : 'low'} (${assessment.score})${assessment.reasons.map((reason) => `; ${reason}`).join('')}`;
  const plans = plansSoFar(context);
  const key = plans === 0 ? 'plan.made' : `plan.made:${plans + 1}`;
  await context.append({ kind: 'plan.made', risk, assessment, ...result }, key);
}

function toImplement(context: RunContext): StepOutcome {
  const { steps, solver } = context.fact('plan.made');
  const without = context.run.input.round ? 'without a model' : 'by search';
  return {
    next: 'implement',
    summary: `${steps.length} steps, ${solver === 'model' ? 'by the model' : without}`,
  };
}
