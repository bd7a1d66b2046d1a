import type { SandboxRun } from '../domain/sandbox.ts';
import type { TestCommand, TestResult, TestRun } from '../domain/toolchain.ts';
import { parseTestReport } from '../toolchains/parse-test-report.ts';
import { clearReportArguments, readReportArguments } from '../toolchains/report-place.ts';

const reportBytesMax = 16 * 1_048_576;

/** Runs the repository's own test commands in the sandbox and reads their reports. A stale report is removed first. */
export async function runOrdinaryTests(
  sandbox: SandboxRun,
  commands: readonly TestCommand[],
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<TestRun> {
  const runs: TestRun['commands'][number][] = [];
  const results: TestResult[] = [];
  const problems: string[] = [];
  for (const command of commands) {
    const { shell, cwd, reportPath } = command;
    if (reportPath !== null) await sandbox.exec({ command: clearReportArguments(reportPath), cwd });
    const run = await sandbox.exec({
      command: shell,
      cwd,
      timeoutMs: options.timeoutMs,
      signal: options.signal,
      keepBytes: reportPath === null ? reportBytesMax : 65_536,
    });
    runs.push({ shell, exitCode: run.exitCode, ended: run.ended, durationMs: run.durationMs });
    if (run.ended !== 'exit') problems.push(`${shell} ended by ${run.ended}`);
    const text = reportPath === null ? run.stdout.text : await readReport(sandbox, reportPath, cwd);
    const report = parseTestReport(command.format, text, { shell, exitCode: run.exitCode });
    results.push(...report.results);
    if (report.problem !== null) problems.push(report.problem);
  }
  if (results.length === 0) problems.push('no test ran');
  return { commands: runs, results, infra: problems.length === 0 ? null : problems.join('; ') };
}

async function readReport(sandbox: SandboxRun, path: string, cwd: string): Promise<string> {
  const read = await sandbox.exec({
    command: readReportArguments(path, reportBytesMax),
    cwd,
    keepBytes: reportBytesMax + 1_024,
    timeoutMs: 20_000,
  });
  return read.stdout.text;
}
