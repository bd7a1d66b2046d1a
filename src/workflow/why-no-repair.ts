import type { CommandRun } from '../domain/command-run.ts';
import type { RunContext } from './run-context.ts';

const shownMax = 300;
const outcome =
  'Set `ANTHROPIC_API_KEY` or `OPENAI_API_KEY` (with `OPENAI_BASE_URL` for a local server) to have a model work on it';

/** Why there is nothing to search for without a model; what could not be run is never said to have passed. */
export function whyNoRepair(context: RunContext): string {
  const setUp = context.last('setup.finished')?.runs.find(({ exitCode }) => exitCode !== 0);
  if (setUp)
    return `${withoutTests(setUp)} ${outcome}, or mend the set-up (\`.github/agent.yml\` can replace it).`;
  if ((context.last('commands.detected')?.commands.test.length ?? 0) === 0)
    return `No model is set up, and no test command was found in the repository. ${outcome}, or name one in \`.github/agent.yml\`.`;
  return (
    'No model is set up, and no test fails on the base branch, so there is nothing that the embedded repair engine ' +
    `could work on. ${outcome}, or add a test that shows the bug.`
  );
}

function withoutTests(run: CommandRun): string {
  const command = run.command.length > shownMax ? `${run.command.slice(0, shownMax)}…` : run.command;
  const end = run.exitCode === null ? `ended by ${run.ended}` : `left with exit code ${run.exitCode}`;
  return (
    'No model is set up, and the tests could not be run on the base branch, so the embedded repair engine has nothing ' +
    `to go by: \`${command.replaceAll('`', "'")}\` ${end}.`
  );
}
