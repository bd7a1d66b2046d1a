import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../src/domain/app-error.ts';
import type { CommitId, RunId, TreeId } from '../../src/domain/ids.ts';
import type { ChangedFile } from '../../src/domain/journal-event.ts';
import type { Sandbox, SandboxCommand, SandboxResult, SandboxRun } from '../../src/domain/sandbox.ts';
import type { Workspace, WorkspaceDirectories, Workspaces } from '../../src/domain/workspace.ts';
import { currentProcess } from './scheduler.ts';
import { commitsBetween, divergence, mergeBaseOf, mergeClean, mergeTrees } from './simulated-git.ts';
import { type SimulatedGithub, type Trees, treeOf } from './simulated-github.ts';
import { type Simulation, seam } from './simulation.ts';

type Files = ReadonlyMap<string, string>;

/** The disk of the machine on which all processes of a simulation run: work trees, and trees by their id. */
export interface SimulatedHost {
  readonly sandbox: Sandbox;
  readonly workspaces: Workspaces;
  /** Runs whose directories are there. */
  readonly kept: Set<RunId>;
  /** How often a process was stopped so far. */
  readonly stops: () => number;
}

export const solution = 'src/total.js';

export function createHost(
  simulation: Simulation,
  hubs: ReadonlyMap<number, SimulatedGithub>,
  { trees, directory }: { readonly trees: Trees; readonly directory: string },
): SimulatedHost {
  const disk = new Map<string, Files>();
  const kept = new Set<RunId>();
  const sandbox = createSandbox(simulation, disk);
  const stops = (): number => simulation.faults.counts['process.pause'];
  return {
    kept,
    stops,
    sandbox,
    workspaces: createWorkspaces({ simulation, hubs, directory, trees, disk, kept }),
  };
}

function createSandbox(simulation: Simulation, disk: Map<string, Files>): Sandbox {
  const { scheduler, random, faults } = simulation;
  return {
    engine: 'bwrap',
    probe: async () => ({ ok: true, engine: 'bwrap', version: '0', problems: [] }),
    adopt: async () => undefined,
    remove: async () => undefined,
    async open({ workspace }) {
      await scheduler.wait(currentProcess(), 'sandbox opens', random.between(5, 50));
      if (faults.fires('sandbox.failed')) throw new AppError('sandbox-failed', 'the engine did not start');
      return {
        async exec(command) {
          await scheduler.wait(currentProcess(), 'a command runs', random.between(10, 2_000));
          if (command.signal?.aborted) return resultOf('', null, 'aborted');
          if (faults.fires('sandbox.timeout')) return resultOf('', null, 'timeout');
          return execute(disk, workspace, command);
        },
        egress: () => [],
        close: async () => undefined,
      };
    },
  };
}

/** The few commands that the agent's tools and the gates send. */
function execute(disk: Map<string, Files>, at: string, { command, stdin }: SandboxCommand): SandboxResult {
  const files = disk.get(at) ?? new Map<string, string>();
  if (typeof command === 'string') {
    const passes = files.get(solution)?.includes('right') === true;
    return resultOf(passes ? 'ok' : 'total is wrong', passes ? 0 : 1);
  }
  const [, , script = '', , path = ''] = command;
  if (script.includes('base64 <')) {
    const text = files.get(path);
    return text === undefined ? resultOf('', 20) : resultOf(Buffer.from(text).toString('base64'), 0);
  }
  if (script.includes('cat >')) disk.set(at, new Map([...files, [path, String(stdin ?? '')]]));
  return resultOf('', 0);
}

function resultOf(
  text: string,
  exitCode: number | null,
  ended: SandboxResult['ended'] = 'exit',
): SandboxResult {
  const stdout = { text, bytes: text.length, truncated: false };
  const stderr = { text: '', bytes: 0, truncated: false };
  return { exitCode, ended, stdout, stderr, durationMs: 5 };
}

interface WorkspaceParts {
  readonly simulation: Simulation;
  readonly hubs: ReadonlyMap<number, SimulatedGithub>;
  readonly directory: string;
  readonly trees: Trees;
  readonly disk: Map<string, Files>;
  readonly kept: Set<RunId>;
}

function createWorkspaces(parts: WorkspaceParts): Workspaces {
  const { simulation, hubs, trees, disk, kept, directory } = parts;
  const hubOf = (repositoryId: number): SimulatedGithub => {
    const hub = hubs.get(repositoryId);
    if (!hub) throw new AppError('git-failed', 'no such repository');
    return hub;
  };
  const treeAt = (repositoryId: number, commit: CommitId): TreeId =>
    (hubOf(repositoryId).commits.get(commit)?.tree ?? '') as TreeId;
  const remove = async (runId: RunId): Promise<void> => {
    kept.delete(runId);
    for (const path of disk.keys()) if (path.startsWith(join(directory, runId))) disk.delete(path);
  };
  return {
    async fetch(_run, { id }, { branch, sha }) {
      await busy(simulation, 'fetch', 50, 500);
      const tip = sha ?? hubOf(id).branches.get(branch);
      if (tip === undefined) throw new AppError('repository-empty', `no branch ${branch}`);
      return tip;
    },
    mergeBase: async ({ id }, one, other) => mergeBaseOf(hubOf(id), one, other),
    async facts({ id }, commit) {
      const tree = treeAt(id, commit);
      const files = trees.get(tree)?.size ?? 0;
      return { commit, tree, files, submodules: [], lfsPointers: 0, textFiles: files };
    },
    async open(runId, { id }, start) {
      await busy(simulation, 'workspace opens', 5, 50);
      const root = join(directory, runId);
      mkdirSync(root, { recursive: true });
      kept.add(runId);
      const baseTree = treeAt(id, start);
      const at = directoriesAt(root);
      if (!disk.has(at.workspace)) disk.set(at.workspace, trees.get(baseTree) ?? new Map());
      return workspace(parts, { hub: hubOf(id), at, baseTree, remove: () => remove(runId) });
    },
    readFile: async ({ id }, commit, path) => fileOf(trees, treeAt(id, commit), path),
    discard: async (runId) => {
      await busy(simulation, 'workspace goes', 5, 20);
      await remove(runId);
    },
    kept: async () => [...kept],
    forget: async () => undefined,
  };
}

function directoriesAt(root: string): WorkspaceDirectories {
  return { root, workspace: join(root, 'work'), home: join(root, 'home'), out: join(root, 'out') };
}

function fileOf(trees: Trees, tree: TreeId, path: string): Buffer | undefined {
  const text = trees.get(tree)?.get(path);
  return text === undefined ? undefined : Buffer.from(text);
}

function workspace(
  { simulation, trees, disk }: WorkspaceParts,
  own: {
    readonly hub: SimulatedGithub;
    readonly at: WorkspaceDirectories;
    readonly baseTree: TreeId;
    readonly remove: () => Promise<void>;
  },
): Workspace {
  const { hub, at, baseTree } = own;
  const filesOf = (tree: TreeId): Files => trees.get(tree) ?? new Map();
  return {
    directories: at,
    baseTree,
    async checkpoint() {
      await busy(simulation, 'checkpoint', 5, 80);
      return treeOf(trees, disk.get(at.workspace) ?? new Map());
    },
    async restore(_sandbox: SandboxRun, tree) {
      await busy(simulation, 'restore', 5, 80);
      disk.set(at.workspace, filesOf(tree));
    },
    async materialise(name, tree) {
      await busy(simulation, 'materialise', 5, 80);
      const directories = directoriesAt(join(at.root, name));
      disk.set(directories.workspace, filesOf(tree));
      return directories;
    },
    changes: async (from, to) => changesOf(filesOf(from), filesOf(to)),
    diffLines: async () => ({ lines: [], truncated: false }),
    patch: async () => ({ text: '', truncated: false }),
    addedLines: async (from, to) =>
      changesOf(filesOf(from), filesOf(to)).map(({ path }) => ({
        path,
        line: 1,
        text: filesOf(to).get(path) ?? '',
      })),
    readFile: async (tree, path) => fileOf(trees, tree, path),
    contents: async (from, to) => ({
      ok: true,
      files: changesOf(filesOf(from), filesOf(to)).map(({ path }) => ({
        path,
        mode: '100644',
        content: Buffer.from(filesOf(to).get(path) ?? ''),
      })),
    }),
    compare: async (ours, theirs) => divergence(hub, ours, theirs),
    async merge(_sandbox: SandboxRun, sides) {
      await busy(simulation, 'merge', 5, 80);
      return mergeTrees(hub, sides);
    },
    graft: async (base, head, paths) => {
      const grafted = new Map(filesOf(base));
      for (const path of paths) {
        const text = filesOf(head).get(path);
        if (text === undefined) grafted.delete(path);
        else grafted.set(path, text);
      }
      return treeOf(trees, grafted);
    },
    treeFiles: async () => [],
    treeEntries: async () => [],
    readBlobs: async () => new Map(),
    listFiles: async (tree) => [...filesOf(tree).keys()],
    commitsSince: async (from, to) => commitsBetween(hub, { from, to }),
    treeOf: async (commit) => hub.commits.get(commit)?.tree ?? ('' as TreeId),
    mergeClean: async (sides) => mergeClean(hub, sides),
    pack: async () => undefined,
    unpack: () => Promise.reject(new Error('no world of the simulation keeps checkpoints')),
    inspect: async () => undefined,
    async commit({ tree, parent, merged, message, at: when }) {
      await busy(simulation, 'commit', 5, 50);
      const parents = merged === undefined ? [parent] : [parent, merged];
      return hub.commit(parents, tree, `${message}\n\n${when.toISOString()}`);
    },
    remove: own.remove,
  };
}

function changesOf(from: Files, to: Files): readonly ChangedFile[] {
  return [...to]
    .filter(([path, text]) => from.get(path) !== text)
    .map(([path]) => ({ path, status: 'modified', additions: 1, deletions: 1, binary: false }));
}

async function busy(simulation: Simulation, name: string, leastMs: number, mostMs: number): Promise<void> {
  const { scheduler, random } = simulation;
  await seam(simulation, name);
  await scheduler.wait(currentProcess(), name, random.between(leastMs, mostMs));
  await seam(simulation, `${name} done`);
}
