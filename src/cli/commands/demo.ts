import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseIssueFile } from '../../app/parse-issue-file.ts';
import { readSettings } from '../../config/read-settings.ts';
import { type Command, parseWords, textOf, UsageError } from '../command.ts';
import type { DemoInput } from '../demo/demo-input.ts';
import { type DemoWorld, openDemoWorld } from '../demo/demo-world.ts';
import { createProgressPrinter } from '../progress-printer.ts';
import { withSandbox } from '../sandbox-engine.ts';
import { aborted, signalOfTermination } from '../until-signal.ts';

const demoFolder = join(import.meta.dirname, '..', '..', '..', 'demo');

const exitInterrupted = 130;

/** `pullwright demo`: the main job on a local GitHub, from the label to the pull request. */
export const demo: Command = {
  name: 'demo',
  usage: 'pullwright demo [--repo PATH --issue FILE.md] [--port N] [--sandbox ENGINE] [--exit] [--json]',
  help: [
    'Needs no key, no account and no Docker. Without a model key the embedded repair engine does the work.',
    '  --repo PATH    a local git repository instead of the sample; it is copied and stays untouched',
    '  --issue FILE   the issue to file: the first line is its title',
    '  --port N       port of the local GitHub (default: a free one)',
    '  --sandbox E    auto, bwrap or container, instead of SANDBOX_ENGINE',
    '  --exit         leave when the run is over instead of staying up for a look',
    '  --json         print the phases in milliseconds at the end',
    'Exit codes: 0 the pull request is open and green, 2 refused, 130 stopped by Ctrl-C, 1 anything else.',
  ].join('\n'),
  async run(args) {
    const { values } = parseWords(args, {
      repo: { type: 'string' },
      issue: { type: 'string' },
      port: { type: 'string' },
      sandbox: { type: 'string' },
      exit: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    const input = demoInput(textOf(values, 'repo'), textOf(values, 'issue'));
    const stopping = signalOfTermination();
    const printer = createProgressPrinter(process.stdout);
    const settings = withSandbox(readSettings(), textOf(values, 'sandbox'));
    const port = Number(textOf(values, 'port') ?? 0);
    const world = await openDemoWorld({ ...input, settings, port, printer });
    try {
      const code = await Promise.race([
        watch(world, () => printer.stop()),
        aborted(stopping).then(() => exitInterrupted),
      ]);
      if (values['json'] === true) process.stdout.write(`${JSON.stringify(world.phases())}\n`);
      if (values['exit'] !== true && !stopping.aborted) {
        process.stdout.write(`\nStaying up for a look at ${world.pages.issue} (Ctrl-C leaves)\n`);
        await aborted(stopping);
      }
      return code;
    } finally {
      printer.stop();
      await world.close();
    }
  },
};

function demoInput(repo: string | undefined, issue: string | undefined): DemoInput {
  if ((repo === undefined) !== (issue === undefined)) throw new UsageError('--repo and --issue go together');
  const file = issue ?? join(demoFolder, 'issue.md');
  return {
    repositoryPath: repo ?? null,
    sampleFolder: join(demoFolder, 'sample'),
    issue: parseIssueFile(readText(file)),
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`the issue file ${file} cannot be read`);
  }
}

async function watch(world: DemoWorld, quiet: () => void): Promise<number> {
  const result = await world.runIssue();
  quiet();
  const { pull } = result;
  if (!pull) {
    process.stdout.write(`\nNo pull request: ${result.summary}\n\nIssue: ${world.pages.issue}\n`);
    return result.state === 'refused' ? 2 : 1;
  }
  const checks = pull.checks.map(({ name, conclusion }) => `  ${name}: ${conclusion ?? 'running'}`);
  process.stdout.write(
    [
      '',
      pull.body,
      '',
      '─'.repeat(80),
      `Pull request  ${pull.url}${pull.draft ? ' (draft)' : ''}`,
      `Diff          ${pull.url}/files`,
      `Issue         ${world.pages.issue}`,
      `Branch        ${pull.branch} in ${pull.cloneUrl}`,
      'Checks',
      ...checks,
      '',
    ].join('\n'),
  );
  return !pull.draft &&
    pull.checks.every(({ conclusion }) => conclusion === 'success' || conclusion === 'neutral')
    ? 0
    : 1;
}
