import type { CommandRun } from '../domain/command-run.ts';
import type { TreeRunner } from '../domain/gate.ts';
import type { TreeId } from '../domain/ids.ts';
import type { SandboxRun } from '../domain/sandbox.ts';
import type { DetectedCommands, TestCommand, TestResult, TestRun } from '../domain/toolchain.ts';
import type { Workspace } from '../domain/workspace.ts';
import { parseTestReport } from '../toolchains/parse-test-report.ts';
import { clearReportArguments, readReportArguments } from '../toolchains/report-place.ts';
import { openSandbox } from './open-sandbox.ts';
import { commandRun, runShell, type TreeContext } from './run-command.ts';
import type { SetUp } from './run-phase.ts';
import { setUpDirectories } from './set-up-directories.ts';

const reportBytesMax = 8 * 1024 * 1024;

/** A runner that owns a directory and a sandbox until it is closed. */
export interface ClosableTreeRunner extends TreeRunner {
  close(): Promise<void>;
}

/** A tree, and the commands that are to run on it. */
export interface RunnerTree {
  readonly name: 'base' | 'head' | 'graft';
  readonly treeId: TreeId;
  readonly commands: DetectedCommands;
  /** It is the base branch's own tree: what its set-up fetches may be kept for later runs. */
  readonly keepsDependencies?: boolean;
}

/**
 * Runs a tree's commands in a directory and a sandbox of its own, which nothing has touched before: what a gate
 * sees is the tree that is published and not what an agent left lying around.
 */
export function createTreeRunner(
  context: TreeContext,
  workspace: Pick<Workspace, 'materialise' | 'treeEntries'>,
  tree: RunnerTree,
): ClosableTreeRunner {
  let opened: Promise<Prepared> | undefined;
  const prepared = (): Promise<Prepared> => (opened ??= prepare(context, workspace, tree));
  return {
    treeId: tree.treeId,
    setUp: async () => (await prepared()).setUp,
    test: async () => await runTests(context, (await prepared()).sandbox, tree.commands.test),
    report: async (command, timeoutMs) =>
      await runForReport(context, (await prepared()).sandbox, { ...command, timeoutMs }),
    run: async (shell, cwd, timeoutMs) =>
      await runShell(context, (await prepared()).sandbox, { shell, cwd, timeoutMs }),
    close: async () => {
      if (opened) await (await opened).sandbox.close();
    },
  };
}

interface Prepared {
  readonly sandbox: SandboxRun;
  readonly setUp: SetUp;
}

async function prepare(
  context: TreeContext,
  workspace: Pick<Workspace, 'materialise' | 'treeEntries'>,
  tree: RunnerTree,
): Promise<Prepared> {
  // Of this claim's own: a worker that was stopped and wakes up would take away what its successor works in.
  const directories = await workspace.materialise(`${tree.name}-${context.lease.epoch}`, tree.treeId);
  context.checkLease();
  const name = `${context.run.id}-${tree.name}`;
  const state = tree.keepsDependencies === true ? 'keep' : 'fresh';
  const setUp = await setUpDirectories(context, { ...tree, directories, name, workspace, state });
  return { sandbox: await openSandbox(context, { directories, name, network: 'none' }), setUp };
}

/** A command whose file, or standard output, is what matters. */
async function runForReport(
  context: TreeContext,
  sandbox: SandboxRun,
  command: Pick<TestCommand, 'shell' | 'cwd' | 'reportPath'> & { readonly timeoutMs: number },
): Promise<{ readonly run: CommandRun; readonly text: string }> {
  const { shell, cwd, reportPath, timeoutMs } = command;
  if (reportPath !== null) await sandbox.exec({ command: clearReportArguments(reportPath), cwd });
  const { signal } = context.lease;
  const keepBytes = reportPath === null ? { keepBytes: reportBytesMax } : {};
  const result = await sandbox.exec({ command: shell, cwd, timeoutMs, signal, ...keepBytes });
  context.checkLease();
  const text = reportPath === null ? result.stdout.text : await readReport(sandbox, reportPath, cwd);
  return { run: commandRun(shell, result), text };
}

async function runTests(
  context: TreeContext,
  sandbox: SandboxRun,
  commands: readonly TestCommand[],
): Promise<{ readonly tests: TestRun; readonly runs: readonly CommandRun[] }> {
  const executed = [];
  for (const command of commands) executed.push(await runTestCommand(context, sandbox, command));
  const infra = executed.map((one) => one.infra).find((problem) => problem !== null) ?? null;
  const runs = executed.map((one) => one.run);
  return {
    tests: {
      commands: runs.map(({ command, exitCode, ended, durationMs }) => ({
        shell: command,
        exitCode,
        ended,
        durationMs,
      })),
      results: executed.flatMap((one) => one.results),
      infra,
    },
    runs,
  };
}

interface ExecutedTests {
  readonly run: CommandRun;
  readonly results: readonly TestResult[];
  readonly infra: string | null;
}

async function runTestCommand(
  context: TreeContext,
  sandbox: SandboxRun,
  command: TestCommand,
): Promise<ExecutedTests> {
  if (command.reportPath !== null)
    await sandbox.exec({ command: clearReportArguments(command.reportPath), cwd: command.cwd });
  const result = await sandbox.exec({
    command: command.shell,
    cwd: command.cwd,
    timeoutMs: context.ports.limits.commandTimeoutMs,
    keepBytes: reportBytesMax,
    signal: context.lease.signal,
  });
  context.checkLease();
  const run = commandRun(command.shell, result);
  if (result.ended !== 'exit')
    return { run, results: [], infra: `\`${command.shell}\` ended by ${result.ended}` };
  const text =
    command.reportPath === null
      ? result.stdout.text
      : await readReport(sandbox, command.reportPath, command.cwd);
  const { results, problem } = parseTestReport(command.format, text, {
    shell: command.shell,
    exitCode: run.exitCode,
  });
  const placed = results.map((result) => ({ ...result, file: fileFromRoot(command.cwd, result.file) }));
  return { run, results: placed, infra: problem ?? contradiction(run, results) };
}

/** Runners name files from where they stand; from the root no two packages have the same. */
function fileFromRoot(cwd: string, file: string): string {
  return cwd === '' || file.startsWith(`${cwd}/`) || file.startsWith('/') ? file : `${cwd}/${file}`;
}

/** A report in which everything passes and a command that fails do not fit together: something crashed. */
function contradiction(run: CommandRun, results: readonly TestResult[]): string | null {
  if (run.exitCode === 0 || results.length === 0) return null;
  if (results.some(({ outcome }) => outcome === 'failed' || outcome === 'error')) return null;
  return `\`${run.command}\` left with exit code ${run.exitCode} although its report names no failure`;
}

async function readReport(sandbox: SandboxRun, path: string, cwd: string): Promise<string> {
  const result = await sandbox.exec({
    command: readReportArguments(path, reportBytesMax),
    cwd,
    keepBytes: reportBytesMax,
    timeoutMs: 10_000,
  });
  return result.exitCode === 0 ? result.stdout.text : '';
}
