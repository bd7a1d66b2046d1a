import type { AgentTask } from '../agent/agent-task.ts';
import type { FrozenRemark } from '../domain/run.ts';
import type { TestResult } from '../domain/toolchain.ts';
import { failingTests } from './failing-tests.ts';
import { readInstructions } from './read-instructions.ts';
import { reviewTask } from './rounds/review-task.ts';
import type { RunContext } from './run-context.ts';

const failuresShown = 5;

/** What the agent is told: the frozen input, facts about the repository, the baseline, failed verdicts. */
export async function agentTask(context: RunContext, feedback: string): Promise<AgentTask> {
  const { input, repository } = context.run;
  const review = reviewTask(context);
  const { commands } = context.fact('commands.detected');
  const listed = (['fetch', 'build', 'lint', 'typecheck', 'test'] as const).flatMap((phase) =>
    commands[phase].map(({ shell, cwd }) => `${phase}: ${shell}${cwd === '' ? '' : ` (in ${cwd})`}`),
  );
  return {
    title: input.title,
    body: input.body,
    instruction: input.instruction,
    remarks: (input.remarks ?? []).map((remark) => ({ heading: headingOf(remark), text: remark.text })),
    ...(review ? { review } : {}),
    author: input.author.login,
    repository: {
      name: `${repository.owner}/${repository.name}`,
      baseBranch: context.fact('base.chosen').base,
      languages: commands.ecosystems,
      commands: listed,
    },
    ...mergeOf(context),
    instructionFiles: await readInstructions(context),
    baseline: baselineText(context),
    feedback: feedback === '' ? null : feedback,
  };
}

function mergeOf(context: RunContext): Pick<AgentTask, 'merge'> {
  const merged = context.last('base.merged');
  return merged ? { merge: merged } : {};
}

function headingOf({ kind, login, path, writtenAt }: FrozenRemark): string {
  const on = path === null ? '' : ` on ${JSON.stringify(path)}`;
  return `${kind} by ${login.replaceAll(/[^A-Za-z0-9-]/g, '')}${on} at ${writtenAt}`;
}

function baselineText(context: RunContext): string {
  return [fromCheckpoint(context), testsText(context)].filter((text) => text !== '').join('\n');
}

function fromCheckpoint({ run }: RunContext): string {
  if (run.from === undefined) return '';
  return 'The work tree already holds the changes of an earlier attempt (`git diff` shows them): go on from there.';
}

function testsText(context: RunContext): string {
  const tests = context.last('baseline.finished')?.tests;
  if (!tests) return '';
  const failing = failingTests(context);
  const passed = tests.results.filter(({ outcome }) => outcome === 'passed').length;
  const problem = tests.infra === null ? '' : ` Problem: ${tests.infra}.`;
  const head = `${passed} tests pass and ${failing.length} fail on the base commit.${problem}`;
  return [head, ...failing.slice(0, failuresShown).map(failureText)].join('\n');
}

function failureText({ file, title, message }: TestResult): string {
  return `FAILS ${file}: ${title}\n${message.slice(0, 800)}`;
}
