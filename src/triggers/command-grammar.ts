import type { LeastRole, Verb } from './authority.ts';

/** One word of the grammar. Help, `docs/commands.md` and what the parser knows come from this table alone. */
export interface CommandEntry {
  readonly word: string;
  /** Under which authority is asked; words without a line of their own there ask under one that is equal. */
  readonly verb: Verb;
  /** What follows the word, as people see it; empty for nothing. */
  readonly argument: string;
  readonly least: LeastRole;
  /** The author of the issue or pull request may use it too, whatever the role. */
  readonly author?: true;
  readonly does: string;
}

/** Every command, in the order in which people are shown them. */
export const grammar = [
  {
    word: 'fix',
    verb: 'fix',
    argument: '<what to do>',
    least: 'write',
    does: 'On an issue: the same as the label, with a text. On a pull request from a branch of this repository: updates that branch; in a review, comment by comment.',
  },
  {
    word: 'plan',
    verb: 'plan',
    argument: '<what to do>',
    least: 'write',
    does: 'Makes a plan, shows it and waits for its approval before anything is changed.',
  },
  {
    word: 'approve',
    verb: 'approve',
    argument: '<hash>',
    least: 'write',
    does: 'Releases what the run waits for. A plan needs `write`, and no hash; what gates hold needs `write` and the hash; a change of protected paths needs `maintain` and the hash that is shown.',
  },
  {
    word: 'revise',
    verb: 'revise',
    argument: '<what to do otherwise>',
    least: 'write',
    does: 'Tells the run under way what to do otherwise; it is taken in at the next turn.',
  },
  {
    word: 'answer',
    verb: 'revise',
    argument: '<text>',
    least: 'write',
    does: 'Answers the question that the agent asked; a plain comment does the same.',
  },
  {
    word: 'review',
    verb: 'review',
    argument: '<where to look>',
    least: 'write',
    does: 'On a pull request from a branch of this repository: runs the gates on it, has a model read it where one is set up, and publishes a review that comments. It never approves and pushes nothing.',
  },
  {
    word: 'status',
    verb: 'status',
    argument: '',
    least: 'read',
    does: 'Says what runs here: its place in the queue, its step, what it spent, what it waits for.',
  },
  {
    word: 'pause',
    verb: 'pause',
    argument: '',
    least: 'triage',
    author: true,
    does: 'Stops at the end of the current turn or step, and waits.',
  },
  {
    word: 'resume',
    verb: 'resume',
    argument: '',
    least: 'triage',
    author: true,
    does: 'Goes on where the run was paused.',
  },
  {
    word: 'stop',
    verb: 'stop',
    argument: '',
    least: 'triage',
    author: true,
    does: 'Ends the run, at whatever point it is. Nothing is pushed any more.',
  },
  {
    word: 'retry',
    verb: 'retry',
    argument: '[from <checkpoint>]',
    least: 'write',
    does: 'Does the newest run here once more when it is over, with the text that was frozen for it; on the open pull request, else on a new branch. From a checkpoint, which the tracking comment lists, it goes on with what was done.',
  },
  {
    word: 'undo',
    verb: 'undo',
    argument: '',
    least: 'write',
    does: "Takes back the agent's commits on an open pull request, by a commit on top; people's commits stay.",
  },
  {
    word: 'explain',
    verb: 'explain',
    argument: '<path:line>',
    least: 'read',
    does: 'Says which run, which decision and which evidence made a line; without a place: what the newest run here did.',
  },
  {
    word: 'budget',
    verb: 'budget',
    argument: '<usd>',
    least: 'maintain',
    does: 'Gives the run under way another budget: what it may spend in all, in US dollars. One that waits for it goes on where it stopped.',
  },
  {
    word: 'config',
    verb: 'status',
    argument: '',
    least: 'read',
    does: 'Shows what applies here: `.github/agent.yml` of the base branch with its defaults or its problems, gates, budgets, commands.',
  },
  { word: 'help', verb: 'help', argument: '', least: 'read', does: 'Shows this list.' },
] as const satisfies readonly CommandEntry[];

/** Every word that the grammar knows. */
export type CommandWord = (typeof grammar)[number]['word'];

/** What a command's word means. Where it is not known: the nearest that is. */
export type KnownWord =
  | { readonly kind: 'known'; readonly entry: CommandEntry & { readonly word: CommandWord } }
  | { readonly kind: 'unknown'; readonly nearest: CommandWord };

/** Reads a word; `/agent` alone asks for help. */
export function readWord(word: string): KnownWord {
  const wanted = word === '' ? 'help' : word;
  const entry = grammar.find((candidate) => candidate.word === wanted);
  return entry ? { kind: 'known', entry } : { kind: 'unknown', nearest: nearestWord(word) };
}

/** The command as people write it. */
export function usageOf({ word, argument }: Pick<CommandEntry, 'word' | 'argument'>): string {
  return argument === '' ? `/agent ${word}` : `/agent ${word} ${argument}`;
}

/** The word with the smallest edit distance; `help` when none is near. */
function nearestWord(word: string): CommandWord {
  const [best] = grammar
    .map((entry) => ({ word: entry.word, distance: editDistance(word, entry.word) }))
    .sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= 2 ? best.word : 'help';
}

/** Levenshtein distance, one row of the table at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(from).entries()) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j += 1) {
      const change = (row[j] ?? 0) + (letter === to[j] ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
