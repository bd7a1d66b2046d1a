import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Sandbox, SandboxProbe, SandboxProblem } from '../domain/sandbox.ts';
import { canaryProblems } from './sandbox-canary.ts';
import { explainStartFailure } from './start-failures.ts';

const run = promisify(execFile);
const oldestVersion: readonly [number, number] = [0, 8];

export interface ProbeTools {
  readonly bwrap: string;
  /** Other programs that must be there, absolute. */
  readonly others: readonly string[];
}

/** Starts a real sandbox below `stateDir` and looks at it from inside: does it hold, not only does it start. */
export async function probeBwrap(
  sandbox: Sandbox,
  stateDir: string,
  tools: ProbeTools,
): Promise<SandboxProbe> {
  const version = await bwrapVersion(tools.bwrap);
  const missing = [...versionProblems(version), ...(await missingTools(tools.others))];
  const problems = missing.length > 0 ? missing : await problemsOf(sandbox, stateDir);
  return { ok: problems.length === 0, engine: 'bwrap', version: version ?? 'none', problems };
}

async function bwrapVersion(path: string): Promise<string | null> {
  try {
    const { stdout } = await run(path, ['--version'], { env: {} });
    return /(\d+\.\d+(?:\.\d+)?)/.exec(stdout)?.[1] ?? null;
  } catch {
    return null;
  }
}

/** What is wrong with a bubblewrap version; null: there is none. */
export function versionProblems(version: string | null): readonly SandboxProblem[] {
  if (version === null) {
    const fix = 'Install it: apt-get install bubblewrap, dnf install bubblewrap or apk add bubblewrap.';
    return [{ code: 'bwrap-missing', message: 'bubblewrap (/usr/bin/bwrap) is not installed', fix }];
  }
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < oldestVersion[0] || (major === oldestVersion[0] && minor < oldestVersion[1]);
  const fix = 'Install bubblewrap 0.8 or newer (Debian 12, Ubuntu 24.04).';
  return isOld ? [{ code: 'bwrap-old', message: `bubblewrap ${version} is too old`, fix }] : [];
}

async function missingTools(paths: readonly string[]): Promise<readonly SandboxProblem[]> {
  const problems: SandboxProblem[] = [];
  for (const path of paths) {
    await access(path).catch(() => {
      problems.push({
        code: 'util-linux-missing',
        message: `${path} is missing`,
        fix: 'Install util-linux.',
      });
    });
  }
  return problems;
}

async function problemsOf(sandbox: Sandbox, stateDir: string): Promise<readonly SandboxProblem[]> {
  try {
    return await canaryProblems(sandbox, stateDir);
  } catch (error) {
    return [explainStartFailure(error instanceof Error ? error.message : String(error))];
  }
}
