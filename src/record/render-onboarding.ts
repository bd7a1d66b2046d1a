import type { PublishableText } from '../domain/ids.ts';
import type { DetectedCommands, RepositoryCommand } from '../domain/toolchain.ts';
import { joinText, markdown, table } from '../text/markdown.ts';
import { plainLine } from '../text/publishable.ts';

const phases = ['setup', 'build', 'test', 'lint', 'typecheck'] as const;
type Phase = (typeof phases)[number];

const commandsMax = 10;

/** `.github/agent.yml` with what was detected, commented out: merged as it is, it changes nothing. */
export function renderAgentFile(detected: DetectedCommands, options: { readonly label: string }): string {
  return [
    '# How Pullwright works in this repository. Everything is optional: what is commented out is what happens anyway.',
    '# Check a change with: pullwright config check .github/agent.yml',
    `# An issue with the label ${JSON.stringify(options.label)} is worked on; only people with write access can ask.`,
    '',
    '# Branch that pull requests target. An issue can name another one: "Base: release/2.x" on a line of its own.',
    '# base: main',
    '',
    '# What is run, found in the files named behind it. Uncomment to replace.',
    '# commands:',
    ...phases.flatMap((phase) => commandLines(phase, commandsOf(detected, phase))),
    '',
    '# pull_request:',
    '#   title: conventional',
    '#   labels: [bot]',
    '',
    '# What the agent should know about this repository.',
    '# instructions: |',
    '#   Run the formatter before you finish.',
    '',
    '{}',
    '',
  ].join('\n');
}

/** The pull request that offers the file: what would run, in words for people who have not heard of the bot. */
export function renderOnboardingBody(
  detected: DetectedCommands,
  options: { readonly label: string },
): PublishableText {
  const rows = phases.flatMap((phase) =>
    commandsOf(detected, phase).map((command) => [
      plainLine(phase, 20),
      codeLine(command.shell),
      codeLine(command.why),
    ]),
  );
  const found =
    rows.length > 0
      ? table([markdown`Step`, markdown`Command`, markdown`Because of`], rows)
      : markdown`No command was found: without \`commands\` in the file there are no tests to prove a change with.`;
  return joinText(
    [
      markdown`Pullwright was installed here. This file is how you set it up; **as it stands it changes nothing**, and closing this pull request keeps the defaults.`,
      markdown`## What would run`,
      found,
      ...detected.notes.slice(0, 10).map((note) => markdown`- ${plainLine(note, 300)}`),
      markdown`## How to use it`,
      markdown`- Put the label ${codeLine(options.label)} on an issue: it becomes a pull request with its tests, checks and reasons.\n- Comment \`/agent fix <what>\` on a pull request of this repository, or \`/agent help\`.\n- Only people with write access can ask for work.`,
    ],
    '\n\n',
  );
}

function commandsOf(detected: DetectedCommands, phase: Phase): readonly RepositoryCommand[] {
  return detected[phase === 'setup' ? 'fetch' : phase].slice(0, commandsMax);
}

/** As JSON, which is YAML: a script's name cannot end the comment or the value. */
function commandLines(phase: Phase, commands: readonly RepositoryCommand[]): readonly string[] {
  if (commands.length === 0) return [`#   ${phase}: []   # none found`];
  return [
    `#   ${phase}:`,
    ...commands.map(({ shell, cwd, why }) => {
      const value = cwd === '' ? JSON.stringify(shell) : JSON.stringify({ run: shell, directory: cwd });
      return `#     - ${oneLine(value)}   # ${oneLine(why)}`;
    }),
  ];
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').slice(0, 1_000);
}

function codeLine(text: string): PublishableText {
  const line = plainLine(text, 300);
  return line === '' ? markdown`–` : markdown`\`${line}\``;
}
