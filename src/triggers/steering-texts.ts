import { budgetOwners } from '../domain/budgets.ts';
import type { PublishableText } from '../domain/ids.ts';
import type { Wait } from '../domain/journal-event.ts';
import type { Run } from '../domain/run.ts';
import type { Spend } from '../domain/spend.ts';
import { shownHashChars } from '../domain/waits.ts';
import { inlineCode } from '../text/inline-code.ts';
import { joinText, markdown } from '../text/markdown.ts';
import { plainLine } from '../text/publishable.ts';
import { type CommandEntry, type CommandWord, grammar, usageOf } from './command-grammar.ts';
import { stateWords } from './reply-texts.ts';

const entries: readonly CommandEntry[] = grammar;
const workingList = joinText(
  entries.map((entry) => inlineCode(usageOf(entry))),
  ', ',
);

/** Answers to those who steer a run. */
export const steeringTexts = {
  nothingWaits: markdown`Nothing waits for an approval here. ${inlineCode('/agent status')} says what the run does.`,

  hashNeeded: (hash: string): PublishableText =>
    markdown`This approval is bound to exactly one change, so it needs its hash. Look at what the tracking comment shows; if you agree, write ${approveCommand(hash)}.`,

  otherHash: (written: string, hash: string): PublishableText =>
    markdown`${inlineCode(written, 80)} is not what waits here, so nothing was released. What waits now is ${inlineCode(hash.slice(0, shownHashChars))}: look at it in the tracking comment; if you agree, write ${approveCommand(hash)}.`,

  approved: (wait: Extract<Wait, { kind: 'protected' | 'plan' | 'held' }>): PublishableText => {
    const hash = inlineCode(wait.hash.slice(0, shownHashChars));
    if (wait.kind === 'protected')
      return markdown`Approved: exactly the change ${hash}. I go on and publish it; a changed tree would need another approval.`;
    if (wait.kind === 'held')
      return markdown`Approved: what is held as ${hash}. I release it if you still may and the branch is where I left it.`;
    return markdown`Approved: the plan ${hash}. I go on and carry it out.`;
  },

  reviseWhat: markdown`Say what should be done otherwise: ${inlineCode('/agent revise <what to do otherwise>')}.`,

  revising: markdown`Passed on. It is taken in at the next turn; the tracking comment says at which.`,

  noQuestion: markdown`Nobody asked a question here. To tell the run something, write ${inlineCode('/agent revise <what to do otherwise>')}.`,

  answerWhat: markdown`The answer is missing: ${inlineCode('/agent answer <text>')}.`,

  answered: markdown`Thank you: I go on with this answer.`,

  pausing: markdown`I pause at the end of the turn or step that is under way. ${inlineCode('/agent resume')} goes on from there, ${inlineCode('/agent stop')} ends the run.`,

  resuming: markdown`I go on where the run was paused.`,

  notPaused: markdown`The run is not paused. ${inlineCode('/agent status')} says what it does.`,

  waitsAlready: (wait: Wait): PublishableText => markdown`The run stands still already: ${waitWords(wait)}.`,

  unknown: (word: string, nearest: CommandWord): PublishableText =>
    markdown`I do not know ${inlineCode(`/agent ${word}`, 60)}; the nearest that I know is ${inlineCode(`/agent ${nearest}`)}. What works: ${workingList}.`,
} as const;

function approveCommand(hash: string): PublishableText {
  return inlineCode(`/agent approve ${hash.slice(0, shownHashChars)}`);
}

/** `/agent help`, from the grammar. */
export function helpText(label: string): PublishableText {
  return markdown`Put the label ${inlineCode(label)} on an issue and I open a pull request for it. Commands, at the start of a line of a new comment:

${entries.map(helpLine)}`;
}

function helpLine(entry: CommandEntry): PublishableText {
  const role = entry.author === true ? markdown`, or the author` : markdown``;
  return markdown`- ${inlineCode(usageOf(entry))}: ${plainLine(entry.does, 300)} (role ${inlineCode(entry.least)}${role})`;
}

/** `/agent status`. */
export function statusText(
  run: Run,
  now: {
    readonly place: number;
    readonly step: string | null;
    readonly turns: number;
    readonly spend: Spend;
    readonly limitUsd: number;
    readonly wait: Wait | undefined;
  },
): PublishableText {
  const facts = [
    now.step === null ? markdown`` : markdown`step ${inlineCode(now.step)}`,
    now.turns === 0 ? markdown`` : markdown`${now.turns} turns`,
    markdown`spent ${plainLine(`$${now.spend.usd.toFixed(2)} of $${now.limitUsd.toFixed(2)}`)} and ${now.spend.tokens} tokens`,
    now.wait === undefined ? markdown`` : waitWords(now.wait),
  ];
  return markdown`Run ${inlineCode(run.id)} is ${stateWords(run, now.place)}: ${joinText(facts, ', ')}. Write ${inlineCode('/agent stop')} to end it.`;
}

function waitWords(wait: Wait): PublishableText {
  switch (wait.kind) {
    case 'protected':
      return markdown`it waits for ${approveCommand(wait.hash)} by somebody with the role ${inlineCode('maintain')}`;
    case 'plan':
      return markdown`it waits for the approval of its plan (${approveCommand(wait.hash)})`;
    case 'held':
      return markdown`it waits for ${approveCommand(wait.hash)} of what is held`;
    case 'answer':
      return markdown`it waits for an answer to its question`;
    case 'checks':
      return markdown`it waits for the checks of others on #${wait.pull} and goes on by itself`;
    case 'budget':
      return markdown`it waits for the budget of ${plainLine(budgetOwners[wait.budget])} (${plainLine(`$${wait.spentUsd.toFixed(2)} of $${wait.limitUsd.toFixed(2)}`)} are spent)`;
    case 'pause':
      return markdown`it is paused (${inlineCode('/agent resume')})`;
    default:
      return markdown`it waits for a person`;
  }
}
