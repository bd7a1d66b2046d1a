import type { PublishableText } from '../domain/ids.ts';
import type { StopReason } from '../domain/stop-reason.ts';
import { markdown } from '../text/markdown.ts';

/** Why the work stopped, and what a person can do about it, in plain words. Empty `next`: nothing has to be done. */
export interface StopExplanation {
  readonly why: PublishableText;
  readonly next: PublishableText;
}

const explanations: Readonly<Record<StopReason, StopExplanation>> = {
  finished: { why: markdown`The work was finished.`, next: markdown`` },
  'turn-limit': {
    why: markdown`The limit of turns was reached before the work was finished.`,
    next: markdown`Split the issue into smaller ones, or comment \`/agent fix\` with what is missing.`,
  },
  'time-limit': {
    why: markdown`The time limit was reached before the work was finished.`,
    next: markdown`Split the issue into smaller ones, or comment \`/agent fix\` with what is missing.`,
  },
  budget: {
    why: markdown`The budget was used up before the work was finished.`,
    next: markdown`Start again: while a run is under way, somebody with the role \`maintain\` gives it more with \`/agent budget <usd>\`. For every run, raise \`AGENT_BUDGET_USD\` (operator) or \`budgets.run_usd\` in \`.github/agent.yml\`.`,
  },
  'model-unavailable': {
    why: markdown`No model of the chain answered.`,
    next: markdown`Nothing is lost. Comment \`/agent retry\` later, or let the operator add a second provider to \`AGENT_MODELS\`.`,
  },
  'model-misconfigured': {
    why: markdown`The provider refused the configured model or its key.`,
    next: markdown`The operator checks the key and \`AGENT_MODELS\` with \`npm run doctor\`, then start again.`,
  },
  'model-refused': {
    why: markdown`The model declined to do this.`,
    next: markdown`Describe the problem in other words, or do it by hand.`,
  },
  loop: {
    why: markdown`The model repeated the same step without getting further, so it was stopped.`,
    next: markdown`Add what it could not find out (file, command, expected result), then start again.`,
  },
  'malformed-calls': {
    why: markdown`The model kept sending tool calls that cannot be read, so it was stopped.`,
    next: markdown`Start again, or let the operator choose another model in \`AGENT_MODELS\`.`,
  },
  'no-repair-found': {
    why: markdown`The embedded repair engine searched and found no change that makes the failing tests pass.`,
    next: markdown`Set \`ANTHROPIC_API_KEY\` or \`OPENAI_API_KEY\` so that a model can work on it, or fix it by hand.`,
  },
  'no-failing-test': {
    why: markdown`No model key is set, and no test fails on the base branch: there is nothing the embedded repair engine could aim at.`,
    next: markdown`Set \`ANTHROPIC_API_KEY\` or \`OPENAI_API_KEY\`, or add a test that shows the bug, then start again.`,
  },
  cancelled: {
    why: markdown`The run was stopped by a person.`,
    next: markdown`Comment \`/agent retry\` to do the same once more, or set the label again to have the text read anew.`,
  },
};

/** What is told about each way to stop. */
export function explainStop(reason: StopReason): StopExplanation {
  return explanations[reason];
}
