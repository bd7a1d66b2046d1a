import type { AuditedRun } from '../../../domain/audit.ts';
import { type RepositoryBudgets, runBudgetUsd } from '../../../domain/budgets.ts';
import type { AuditLimits, Invariant } from '../invariant.ts';
import { eventsOf } from './events-of.ts';

const mayRaise: ReadonlySet<string> = new Set(['maintain', 'admin']);

export const spendIsCapped: Invariant = {
  id: 'I14',
  title: 'spend stays below the cap plus one call, and the ledger adds up',
  kind: 'run',
  check({ entries, spend }, limits) {
    const capUsd = highestCapUsd(entries, limits);
    const { total, rows, largest } = spend;
    const problems = eventsOf(entries, 'budget.set')
      .filter(({ by }) => !mayRaise.has(by.role))
      .map(({ by, limitUsd }) => `${by.login} set its budget to $${limitUsd} with the role ${by.role}`);
    if (total.usd > capUsd + largest.usd + 1e-9)
      problems.push(`it spent $${total.usd}, its cap is $${capUsd}`);
    if (total.tokens > limits.tokensMax + largest.tokens)
      problems.push(`it used ${total.tokens} tokens, its cap is ${limits.tokensMax}`);
    const off = Math.abs(total.usd - rows.usd) > 1e-6 || Math.abs(total.tokens - rows.tokens) > 0.5;
    if (off) problems.push(`its total ($${total.usd}) is not the sum of its calls ($${rows.usd})`);
    return problems;
  },
};

/** A budget may be lowered after it was spent; what counts is the highest that ever held. */
function highestCapUsd(entries: AuditedRun['entries'], limits: AuditLimits): number {
  const { budgetUsd: runUsd, raisedUsd = runUsd } = limits;
  const asked = (eventsOf(entries, 'config.read').at(-1)?.config ?? {}) as RepositoryBudgets;
  const said = eventsOf(entries, 'budget.set').map(({ limitUsd }) => limitUsd);
  const operator = { runUsd, raisedUsd };
  return Math.max(
    runBudgetUsd(operator, asked),
    ...said.map((limitUsd) => runBudgetUsd(operator, asked, limitUsd)),
  );
}
