import { type CommandEntry, grammar, usageOf } from './command-grammar.ts';

const head = `# Commands

Generated from the grammar in \`src/triggers/command-grammar.ts\` by \`npm run docs\`; do not edit by hand.

A command stands at the start of a line of a **new** comment on an issue or a pull request, in the text of a review, or in a
comment on a line of a pull request; outside code blocks, quotations and HTML comments. A comment gives one command, and what
follows the word is its text, to the end. Edited comments are not read again. Every command gets 👀 (a review's own text cannot
carry reactions) and an answer, also when it is refused: it says who may, and what to do next.

| command | least role | what it does |
|---|---|---|
`;

const tail = `
Roles are those of the repository, as GitHub gives them at that moment. *Author*: whoever opened the issue or pull request.
A custom role is treated as none. The approver of a change of protected paths is looked up again before anything is pushed,
that of what gates hold before the pull request is marked ready.

## Without a command

- The label (\`agent\` by default), put on an issue by somebody with \`write\`, starts a run; taking it off ends it.
- A plain comment by somebody with \`write\` on the issue or pull request of a run under way is taken in at the agent's next turn, or
  answers the question that it asked; 👀 shows that it was. A comment that begins with a mention of somebody else is left alone.
- A review by somebody with \`write\` that requests changes on a pull request which the bot opened is answered as a round: suggestions are
  applied, each comment on a line gets a commit or a reason in its thread, what was addressed is resolved, and one comment sums it up.
  \`/agent fix\` in the text of a review does the same on every pull request that it accepts. While a run is under way there, the
  review waits for its end; a draft that only waits for an approval of what is held stops waiting.
- A push to the base branch has open pull requests of the bot looked at: what is in conflict, or behind a base that demands what is
  up to date, has the base merged in, and pushed if every gate is green (\`pull_request.update: never\` stops that).
- Closing, locking, transferring or deleting the issue ends its run.
- A button of a check run is the command of its name, for the same roles: *Retry* on verdicts and where a run is over, *Stop* on
  \`agent / run\`, which shows a run that goes on with a branch; *Stop* ends exactly that run. The answer stands where the run reports.
- A box of the control issue (\`control_issue: true\` in \`.github/agent.yml\`: an issue *Pullwright dashboard* with the queue, what waits for
  people, outcomes, spend) is the command of its name, for the same roles, on exactly the run beside it: *approve*, *resume*, *stop*, *retry*.
  The box is unticked when it was heard of; the answer stands where the run reports. A box that somebody else wrote, or that stands for what is over,
  is answered and does nothing; a tick of which GitHub never told the bot is unticked and said not to be taken. Nothing is started on that issue
  itself. Closing it has it left alone until it is reopened; deleted, it is made again.
`;

/** The text of `docs/commands.md`; a test compares the file with it. */
export function renderCommandsDoc(): string {
  return `${head}${grammar.map(row).join('\n')}\n${tail}`;
}

function row(entry: CommandEntry): string {
  const role = entry.author === true ? `\`${entry.least}\`, or the author` : `\`${entry.least}\``;
  return `| \`${usageOf(entry)}\` | ${role} | ${entry.does} |`;
}
