import type { BudgetWait } from '../../domain/budget-wait.ts';
import { budgetOwners, leastUsd } from '../../domain/budgets.ts';
import type { PublishableText } from '../../domain/ids.ts';
import type { BudgetStanding } from '../../domain/spend.ts';
import { joinText, markdown } from '../../text/markdown.ts';
import { plainLine } from '../../text/publishable.ts';
import { explainStop } from '../explain-stop.ts';
import type { RunRecord } from '../run-record.ts';
import { code } from '../show.ts';

/** From this part of a budget on, people are shown how full it is. */
const nearPart = 0.8;

/** Why the run waits, what there is so far, and who can let it go on how. */
export function budgetSection(wait: BudgetWait, otherwise: PublishableText): PublishableText {
  return joinText(
    [
      markdown`## Waiting for a budget`,
      markdown`${whatIsUsedUp(wait)} ${soFar(wait)}`,
      markdown`${howToGoOn(wait)} ${otherwise}`,
    ],
    '\n\n',
  );
}

/** What the draft says about it: that it waits, goes on, or was left unfinished. */
export function budgetWarning(record: RunRecord): PublishableText {
  const { wait, budgetWait, end } = record;
  if (wait?.kind === 'budget')
    return markdown`- ⚠️ **Not finished, waiting for a budget:** ${whatIsUsedUp(wait)} ${howToGoOn(wait)}`;
  if (budgetWait && end === null)
    return markdown`- ⚠️ **Not finished:** a budget was used up, and has room again; the work goes on.`;
  const { why, next } = explainStop('budget');
  return markdown`- ⚠️ **Stopped early:** ${why} ${next}`;
}

/** The run's own budget or token cap, and each other one that is nearly used up. Empty where nothing is measured. */
export function budgetsLine(standings: readonly BudgetStanding[]): PublishableText {
  const own = standings.some(({ budget }) => budget === 'tokens') ? 'tokens' : 'run';
  const parts = standings
    .filter(({ budget, limit, spent }) => budget === own || (budget !== 'run' && spent >= limit * nearPart))
    .map(standingWords);
  return parts.length === 0 ? markdown`` : markdown`Budget: ${joinText(parts, ' · ')}.`;
}

function standingWords({ budget, limit, spent }: BudgetStanding): PublishableText {
  return budget === 'tokens'
    ? markdown`this run ${spent} of ${limit} tokens (the model's price is not known)`
    : markdown`${plainLine(budgetOwners[budget])} ${dollars(spent)} of ${dollars(limit)}`;
}

function whatIsUsedUp({ budget, spentUsd, limitUsd, neededUsd }: BudgetWait): PublishableText {
  return markdown`The budget of ${plainLine(budgetOwners[budget])} is used up: ${dollars(spentUsd)} of ${dollars(limitUsd)} are spent, and the next turn may cost up to ${dollars(neededUsd)}.`;
}

function soFar({ at, pull }: BudgetWait): PublishableText {
  if (pull !== null) return markdown`What was done so far is on #${pull}, unfinished.`;
  if (at === 'publish') return markdown`What was done so far is on its branch, unfinished.`;
  return at === 'verify'
    ? markdown`What was done so far cannot be shown as it is; it is kept, and goes on from there.`
    : markdown`Nothing was changed since.`;
}

function howToGoOn(wait: BudgetWait): PublishableText {
  const { budget, resetsAt, ceilingUsd, spentUsd, neededUsd } = wait;
  if (budget === 'run') {
    return markdown`Somebody with the role \`maintain\` gives it another one with \`/agent budget <usd>\`: what this run may spend in all, at least ${dollars(leastUsd(spentUsd, neededUsd))} and at most ${dollars(ceilingUsd)}. It goes on at the turn where it stopped.`;
  }
  const when = resetsAt === null ? '' : `${resetsAt.slice(0, 16).replace('T', ' ')} UTC`;
  return markdown`The run goes on by itself when the day is over, at ${code(when)}. ${raisers[budget]}`;
}

const raisers: Readonly<Record<Exclude<BudgetWait['budget'], 'run'>, PublishableText>> = {
  'user-day': markdown`The operator can raise \`AGENT_BUDGET_USER_DAY_USD\`.`,
  'user-here-day': markdown`\`budgets.user_day_usd\` in \`.github/agent.yml\` says how much it is, for runs that begin from now on.`,
  'repository-day': markdown`The operator can raise \`AGENT_BUDGET_REPOSITORY_DAY_USD\`; \`budgets.repository_day_usd\` in \`.github/agent.yml\` may ask for less, for runs that begin from now on.`,
  'instance-day': markdown`The operator can raise \`AGENT_BUDGET_DAY_USD\`.`,
};

/** Budgets are set in cents; only what is less than one is shown in parts of it. */
function dollars(usd: number): PublishableText {
  return plainLine(`$${usd.toFixed(usd > 0 && usd < 0.01 ? 4 : 2)}`);
}
