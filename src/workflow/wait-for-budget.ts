import type { BudgetWait } from '../domain/budget-wait.ts';
import { ceilingUsd, readUsd } from '../domain/budgets.ts';
import { messageKey, type RunMessage } from '../domain/run-inbox.ts';
import { type BudgetBreach, breachOf } from '../domain/spend.ts';
import { openWait } from '../domain/waits.ts';
import { authorOf, awaitPerson, beginWait, endOf, type Judgement, takeMessage } from './await-person.ts';
import { spendCapOf } from './budget-of.ts';
import type { RunContext } from './run-context.ts';

/** `given-up`: nobody raised the budget in time; the text says so. */
export type BudgetWaitEnd =
  | { readonly kind: 'goes-on' }
  | { readonly kind: 'given-up'; readonly text: string };

const raisingRoles: ReadonlySet<string> = new Set(['maintain', 'admin']);

/**
 * The wait that a breach leads to; undefined where nobody can be asked: in local mode, and for the token cap, about
 * which no sum of money says anything. Its number is that of the waits before it, so that it is begun once.
 */
export function budgetWait(
  context: RunContext,
  breach: BudgetBreach | undefined,
  where: Pick<BudgetWait, 'at' | 'round' | 'pull'>,
): BudgetWait | undefined {
  if (context.run.trigger === 'local' || breach === undefined || breach.budget === 'tokens') return undefined;
  const { budget, limit: limitUsd, spent: spentUsd, needed: neededUsd, resetsAt } = breach;
  return {
    id: `budget:${1 + budgetWaits(context).length}`,
    kind: 'budget',
    budget,
    limitUsd,
    spentUsd,
    neededUsd,
    ceilingUsd: ceilingUsd(context.ports.limits.budgets),
    resetsAt: resetsAt?.toISOString() ?? null,
    ...where,
  };
}

/** Every wait for a budget that this run has begun, oldest first. */
function budgetWaits({ entries }: RunContext): readonly BudgetWait[] {
  return entries.flatMap(({ event }) =>
    event.kind === 'wait.begun' && event.wait.kind === 'budget' ? [event.wait] : [],
  );
}

/** Nobody gave this run another budget when it asked: it does not ask again. */
export function isGivenUp(context: RunContext): boolean {
  const last = budgetWaits(context).at(-1);
  return last !== undefined && endOf(context, last)?.outcome === 'void';
}

/** The wait of this round, also when it is over and its step had no time to say so. */
export function budgetWaitOf(
  context: RunContext,
  { at, round }: Pick<BudgetWait, 'at' | 'round'>,
): BudgetWait | undefined {
  return budgetWaits(context).findLast((wait) => wait.at === at && wait.round === round);
}

/** The wait that is going on here. */
export function openBudgetWait(context: RunContext, at: BudgetWait['at']): BudgetWait | undefined {
  const open = openWait(context.entries.map(({ event }) => event));
  return open?.kind === 'budget' && open.at === at ? open : undefined;
}

/**
 * Holds the run until the budget has room again: a maintainer gave it another one, the day has turned, or the operator
 * has raised a limit. Until then it throws `person-awaited`, and no worker is held. `tell` shows what is waited for.
 */
export async function waitForBudget(
  context: RunContext,
  wait: BudgetWait,
  tell: () => Promise<void> = async () => undefined,
): Promise<BudgetWaitEnd> {
  await beginWait(context, wait);
  if (!endOf(context, wait)) await tell();
  await takeBudgets(context);
  if (!endOf(context, wait) && (await hasRoomNow(context, wait))) await endWait(context, wait);
  const { outcome, text } = await awaitPerson(context, wait, (message) => judge(message));
  return outcome === 'void' ? { kind: 'given-up', text } : { kind: 'goes-on' };
}

async function hasRoomNow(context: RunContext, { budget, neededUsd }: BudgetWait): Promise<boolean> {
  const standings = await context.ports.spend.standings(context.run.id, spendCapOf(context));
  const waited = standings.filter((standing) => standing.budget === budget);
  return breachOf(waited, { usd: neededUsd, tokens: 0 }) === undefined;
}

/** By whoever set the budget meanwhile, where that is what helped. */
async function endWait(context: RunContext, { id, budget }: BudgetWait): Promise<void> {
  const since = context.entryOf('wait.begun', ({ wait }) => wait.id === id)?.seq ?? 0;
  const said = context.entryOf('budget.set');
  const isSaid = budget === 'run' && said?.event.kind === 'budget.set' && said.seq > since;
  const by = isSaid && said.event.kind === 'budget.set' ? said.event.by : null;
  const text = by ? 'The budget was raised.' : 'The budget has room again.';
  await context.append({ kind: 'wait.ended', waitId: id, outcome: 'resumed', by, text }, `wait-over:${id}`);
}

function judge({ kind }: RunMessage): Judgement {
  if (kind === 'approve') return { taken: 'nothing waited for an approval' };
  if (kind === 'pause') return { taken: 'the run stands still already: it waits for a budget' };
  if (kind === 'resume') return { taken: 'the run is not paused: it waits for a budget' };
  return 'keep';
}

/**
 * Takes what maintainers said about this run's budget: it holds from now on. Judged when it was said and here again,
 * since more may be spent by now.
 */
export async function takeBudgets(context: RunContext): Promise<void> {
  for (const message of await context.pendingMessages()) {
    if (message.kind !== 'budget') continue;
    const why = await whyNot(context, message);
    if (why === undefined) {
      const limitUsd = usdOf(message);
      const by = authorOf(message);
      await context.append({ kind: 'budget.set', limitUsd, by }, messageKey(message));
    } else await takeMessage(context, message, why);
  }
}

async function whyNot(context: RunContext, message: RunMessage): Promise<string | undefined> {
  const usd = usdOf(message);
  if (!raisingRoles.has(message.role)) return 'a budget needs the role maintain';
  if (Number.isNaN(usd)) return 'not a budget that could be read';
  if (usd > ceilingUsd(context.ports.limits.budgets)) return 'more than the operator lets anybody give a run';
  const spent = await context.ports.spend.total(context.run.id);
  return spent.usd > usd + 1e-6 ? `$${spent.usd.toFixed(2)} was spent already` : undefined;
}

function usdOf({ text }: RunMessage): number {
  const read = readUsd(text);
  return 'usd' in read ? read.usd : Number.NaN;
}
