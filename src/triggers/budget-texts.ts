import { budgetOwners, type WrongUsd } from '../domain/budgets.ts';
import type { PublishableText } from '../domain/ids.ts';
import type { Wait } from '../domain/journal-event.ts';
import { inlineCode } from '../text/inline-code.ts';
import { markdown } from '../text/markdown.ts';
import { plainLine } from '../text/publishable.ts';

const usage = inlineCode('/agent budget 12.50');

const wrongs: Readonly<Record<WrongUsd, PublishableText>> = {
  missing: markdown`the amount is missing`,
  sign: markdown`write the number alone, without a sign or name of a currency; it is in US dollars`,
  comma: markdown`a comma could be meant in two ways; write cents after a point, and nothing between thousands`,
  negative: markdown`a budget cannot be less than nothing`,
  zero: markdown`a budget of nothing ends the work; ${inlineCode('/agent stop')} does that`,
  cents: markdown`two digits after the point, at most`,
  large: markdown`that is a larger number than any budget`,
  'no-number': markdown`that is not a plain number`,
};

/** Answers to `/agent budget`. */
export const budgetTexts = {
  unclear: (written: string, wrong: WrongUsd): PublishableText => {
    const quoted = written.trim() === '' ? markdown`` : markdown`${inlineCode(written.trim(), 80)}: `;
    return markdown`No budget was set. ${quoted}${wrongs[wrong]}. For example ${usage}.`;
  },

  nothingRuns: markdown`No run is under way here that could be given a budget. What every run in this repository may spend stands in ${inlineCode('.github/agent.yml')} (${inlineCode('budgets.run_usd')}); ${inlineCode('/agent config')} shows what applies.`,

  overCeiling: (usd: number, ceiling: number): PublishableText =>
    markdown`No budget was set: ${dollars(usd)} is more than the operator lets anybody give one run, which is ${dollars(ceiling)} (${inlineCode('AGENT_BUDGET_MAX_USD')}).`,

  spent: (usd: number, spentUsd: number): PublishableText =>
    markdown`No budget was set: ${dollars(spentUsd)} is spent or set aside already, and ${dollars(usd)} is less. ${inlineCode('/agent stop')} ends the run.`,

  tooSmall: (usd: number, leastUsd: number): PublishableText =>
    markdown`No budget was set: with ${dollars(usd)} the run could not pay its next turn. It needs at least ${dollars(leastUsd)}.`,

  set: (usd: number, wait: Wait | undefined): PublishableText => {
    const said = markdown`This run may now spend ${dollars(usd)} in all.`;
    if (wait?.kind !== 'budget') return said;
    if (wait.budget === 'run') return markdown`${said} It goes on at the turn where it stopped.`;
    return markdown`${said} It waits for the budget of ${plainLine(budgetOwners[wait.budget])}, which this does not change; the tracking comment says when it goes on.`;
  },
} as const;

function dollars(usd: number): PublishableText {
  return plainLine(`$${usd.toFixed(2)}`);
}
