import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { createAppLogger } from '../../app/app-logger.ts';
import { parseIssueFile } from '../../app/parse-issue-file.ts';
import { type LocalRunResult, runLocal } from '../../app/run-local.ts';
import { readSettings, type Settings } from '../../config/read-settings.ts';
import { type Command, parseWords, textOf, UsageError } from '../command.ts';
import { createProgressPrinter } from '../progress-printer.ts';
import { withSandbox } from '../sandbox-engine.ts';
import { signalOfTermination } from '../until-signal.ts';

const exitCodes: Readonly<Record<string, number>> = { published: 0, refused: 2 };

/** `pullwright run`: the whole workflow on a local repository, without GitHub. */
export const run: Command = {
  name: 'run',
  usage:
    'pullwright run --repo PATH --issue FILE.md|- [--model PROVIDER:MODEL] [--sandbox ENGINE] [--dry-run] [--json]',
  help: [
    'Ends with a branch `agent/...` in the repository and prints the pull request text on standard output.',
    '  --issue FILE   Markdown: the first line is the title; `-` reads standard input',
    '  --model SPEC   overrides AGENT_MODELS (several: comma-separated)',
    '  --sandbox E    auto, bwrap, container or none, instead of SANDBOX_ENGINE',
    '  --dry-run      does everything but write the branch',
    '  --json         prints the result as JSON',
    'Exit codes: 0 published, 2 refused with reasons, 1 failed, 78 not set up.',
  ].join('\n'),
  async run(args) {
    const { values } = parseWords(args, {
      repo: { type: 'string' },
      issue: { type: 'string' },
      model: { type: 'string' },
      sandbox: { type: 'string' },
      'dry-run': { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const repositoryPath = required(textOf(values, 'repo'), '--repo PATH');
    const issue = parseIssueFile(await readIssue(required(textOf(values, 'issue'), '--issue FILE')));
    const settings = withModels(
      withSandbox(readSettings(), textOf(values, 'sandbox')),
      textOf(values, 'model'),
    );
    const printer = createProgressPrinter(process.stderr);
    const result = await runLocal({
      repositoryPath,
      issue,
      settings,
      dryRun: values['dry-run'] === true,
      log: createAppLogger(settings.LOG_LEVEL === 'info' ? 'error' : settings.LOG_LEVEL),
      onJournal: (_runId, event) => printer.event(event),
      signal: signalOfTermination(),
    });
    printer.stop();
    print(result, values['json'] === true);
    return exitCodes[result.state] ?? 1;
  },
};

function required(value: string | undefined, option: string): string {
  if (value === undefined) throw new UsageError(`${option} is missing`);
  return value;
}

async function readIssue(file: string): Promise<string> {
  if (file === '-') return await text(process.stdin);
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`the issue file ${file} cannot be read`);
  }
}

function withModels(settings: Settings, model: string | undefined): Settings {
  return model === undefined ? settings : { ...settings, AGENT_MODELS: model.split(',') };
}

function print(result: LocalRunResult, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    return;
  }
  process.stdout.write(`${result.pullRequestBody ?? result.report}\n`);
  const where = result.branch === null ? '' : ` Branch: ${result.branch}`;
  process.stderr.write(`\n${result.state}: ${result.summary}${where}\n`);
}
