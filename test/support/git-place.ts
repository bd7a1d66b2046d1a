import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BranchPusher } from '../../src/domain/effect.ts';
import type { TokenSource } from '../../src/domain/forge.ts';
import type { CommitId, RunId } from '../../src/domain/ids.ts';
import type { RepositoryRef } from '../../src/domain/repository.ts';
import type { Run } from '../../src/domain/run.ts';
import type { Sandbox, SandboxResult, SandboxRun } from '../../src/domain/sandbox.ts';
import type { Workspace, Workspaces } from '../../src/domain/workspace.ts';
import { createBranchPusher } from '../../src/git/branch-pusher.ts';
import { createWorkspaces } from '../../src/git/create-workspaces.ts';
import { createBwrapSandbox } from '../../src/sandbox/bwrap-sandbox.ts';
import { RecordingLog } from './recording-log.ts';

const execute = promisify(execFile);

/** A repository to clone, this room's ports over it and a real sandbox, in a directory of its own. */
export interface GitPlace {
  readonly directory: string;
  readonly source: string;
  readonly stateDir: string;
  readonly log: RecordingLog;
  readonly sandbox: Sandbox;
  readonly workspaces: Workspaces;
  readonly pusher: BranchPusher;
  readonly repository: RepositoryRef;
  readonly run: Run;
  /** Runs a shell command of the test's own, outside every sandbox, in the source repository. */
  sh(command: string): Promise<string>;
  /** Fetches `main` and opens the run's workspace there. */
  open(): Promise<{ readonly workspace: Workspace; readonly tip: CommitId }>;
  enter(workspace: Workspace): Promise<SandboxRun>;
  remove(): Promise<void>;
}

export interface GitPlaceOptions {
  readonly tokens?: TokenSource;
  readonly localMode?: boolean;
  /** Default: bubblewrap. */
  readonly createSandbox?: (stateDir: string) => Sandbox;
  /** Made of the source directory; default a `file:` URL. */
  readonly cloneUrl?: string;
}

const firstCommit = [
  'git init -q -b main',
  'git config user.name person && git config user.email person@example.invalid',
  'mkdir src && echo one > src/a.txt && echo two > src/b.txt && printf "ignored/\\n" > .gitignore',
  'git add -A && git commit -qm first && echo more >> src/a.txt && git commit -qam second',
].join(' && ');

export async function gitPlace(options: GitPlaceOptions = {}): Promise<GitPlace> {
  const directory = await mkdtemp(join(tmpdir(), 'pullwright-git-'));
  await chmod(directory, 0o755);
  const source = join(directory, 'source');
  await mkdir(source);
  const sh = async (command: string): Promise<string> => {
    const env = { PATH: process.env.PATH, HOME: directory, GIT_CONFIG_NOSYSTEM: '1' };
    return (await execute('/bin/sh', ['-c', command], { cwd: source, env })).stdout;
  };
  await sh(firstCommit);
  const log = new RecordingLog();
  const sandboxState = join(directory, 'sandbox');
  const sandbox =
    options.createSandbox?.(sandboxState) ??
    createBwrapSandbox({ stateDir: sandboxState, registries: [], log });
  const stateDir = join(directory, 'state');
  const { tokens = null, localMode = true } = options;
  const common = { stateDir, tokens, localMode, log };
  const workspaces = createWorkspaces({
    ...common,
    adopt: async (path) => await sandbox.adopt(path),
    remove: async (path) => await sandbox.remove(path),
  });
  const repository = repositoryAt(options.cloneUrl ?? `file://${source}`);
  const run = runOn(repository);
  return {
    directory,
    source,
    stateDir,
    log,
    sandbox,
    workspaces,
    repository,
    run,
    sh,
    pusher: createBranchPusher(common),
    async open() {
      const tip = await workspaces.fetch(run, repository, { branch: 'main', sha: null });
      return { workspace: await workspaces.open(run.id, repository, tip), tip };
    },
    async enter({ directories: { workspace, home, out } }) {
      return await sandbox.open({ name: 'test', workspace, home, out });
    },
    async remove() {
      await sandbox.remove(directory);
    },
  };
}

function repositoryAt(cloneUrl: string): RepositoryRef {
  return {
    id: 7,
    owner: 'octo',
    name: 'sample',
    private: false,
    defaultBranch: 'main',
    cloneUrl,
    htmlUrl: 'https://forge.invalid/octo/sample',
  };
}

/** A run on an issue of that repository. */
function runOn(repository: RepositoryRef): Run {
  const person = { id: 1, login: 'person', type: 'User' } as const;
  return {
    id: '01hzzzzzzzzzzzzzzzzzzzzzzz' as RunId,
    installationId: 3,
    repository,
    target: { kind: 'issue', number: 1, htmlUrl: `${repository.htmlUrl}/issues/1` },
    branches: { base: 'main', head: 'agent/1-fix', headSha: null },
    input: { title: 't', body: '', instruction: null, author: person, sha256: '0'.repeat(64), dropped: [] },
    requestedBy: person,
    requestedByRole: 'write',
    trigger: 'label',
    triggerKey: 'label:1',
    deliveryGuid: null,
    trackingIssue: 1,
    commentId: null,
    state: 'running',
    epoch: 1,
    cancelReason: null,
    crashes: 0,
    createdAt: new Date(0),
    endedAt: null,
  };
}

/** Runs a shell command in the sandbox and throws when it fails. */
export async function inside(sandbox: SandboxRun, command: string): Promise<string> {
  const result: SandboxResult = await sandbox.exec({ command, timeoutMs: 20_000 });
  if (result.exitCode !== 0) throw new Error(`${command}: ${result.ended} ${result.stderr.text}`);
  return result.stdout.text;
}

/** The AppError code that a promise rejects with; `none` when it resolves. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => 'none',
    (error: unknown) =>
      error instanceof Error && 'code' in error ? String(error.code) : `no code: ${String(error)}`,
  );
}
