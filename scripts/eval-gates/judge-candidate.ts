import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Gate, GateInput, Side, TreeTexts, Verdict } from '../../src/domain/gate.ts';
import { defaultGateSettings } from '../../src/domain/gate-settings.ts';
import type { TreeId } from '../../src/domain/ids.ts';
import type { ChangedFile } from '../../src/domain/journal-event.ts';
import type { Sandbox, SandboxMount } from '../../src/domain/sandbox.ts';
import type { DetectedCommands, TestRun } from '../../src/domain/toolchain.ts';
import { blocks, isHeld } from '../../src/domain/verdicts.ts';
import { runGates } from '../../src/gates/run-gates.ts';
import { adoptFirstTests } from '../../src/toolchains/adopt-first-tests.ts';
import { detectCommands } from '../../src/toolchains/detect-commands.ts';
import type { TreeContext } from '../../src/workflow/run-command.ts';
import { type ClosableTreeRunner, createTreeRunner } from '../../src/workflow/tree-runner.ts';
import { silentLog } from '../../test/support/silent-log.ts';
import type { Candidate, Files } from './exercise.ts';

/** Where candidates are judged. */
export interface Bench {
  readonly root: string;
  readonly sandbox: Sandbox;
  readonly mounts: readonly SandboxMount[];
  readonly commandTimeoutMs: number;
}

export interface Judgement {
  readonly outcome: 'accepted' | 'held' | 'rejected';
  readonly verdicts: readonly Verdict[];
}

let opened = 0;

/**
 * A candidate through the gates as a run sends its tree through them: commands detected on base, base and head in fresh
 * sandboxes, and a third one for head's tests on base's code. Stops at the first gate that stops the candidate.
 */
export async function judgeCandidate(
  bench: Bench,
  gates: readonly Gate[],
  candidate: Candidate,
  baseline: TestRun | null,
): Promise<Judgement> {
  const runners: ClosableTreeRunner[] = [];
  const commands = adoptFirstTests(await commandsOf(candidate.base), await commandsOf(candidate.head));
  const open = (name: 'base' | 'head' | 'graft', files: Files): ClosableTreeRunner => {
    const runner = openRunner(bench, { name, files, commands });
    runners.push(runner);
    return runner;
  };
  const input = inputOf(candidate, { commands, baseline, open });
  const verdicts: Verdict[] = [];
  try {
    for (const gate of gates) {
      verdicts.push(...(await runGates([gate], input)));
      if (verdicts.some(blocks)) return { outcome: 'rejected', verdicts };
      if (verdicts.some(isHeld)) return { outcome: 'held', verdicts };
    }
    return { outcome: 'accepted', verdicts };
  } finally {
    for (const runner of runners) await runner.close();
  }
}

/** The tests of a tree, run once and by nobody's judgement. */
export async function runTests(bench: Bench, files: Files, commandsFrom: Files): Promise<TestRun> {
  const runner = openRunner(bench, { name: 'base', files, commands: await commandsOf(commandsFrom) });
  try {
    return (await runner.test()).tests;
  } finally {
    await runner.close();
  }
}

async function commandsOf(files: Files): Promise<DetectedCommands> {
  return await detectCommands({
    list: async () => Object.keys(files),
    read: async (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
  });
}

function openRunner(
  bench: Bench,
  tree: {
    readonly name: 'base' | 'head' | 'graft';
    readonly files: Files;
    readonly commands: DetectedCommands;
  },
): ClosableTreeRunner {
  opened += 1;
  const id = `eval-${process.pid}-${opened}`;
  const root = join(bench.root, id);
  const context: TreeContext = {
    run: { id, repository: { id: 0, private: true } },
    last: () => undefined,
    append: async () => undefined,
    lease: { epoch: 1, signal: new AbortController().signal },
    checkLease: () => undefined,
    ports: {
      sandbox: bench.sandbox,
      mounts: bench.mounts,
      toolchainPath: null,
      log: silentLog,
      limits: { commandTimeoutMs: bench.commandTimeoutMs },
    },
  };
  const materialise = async () => await writeTree(bench, root, tree.files);
  const workspace = { materialise, treeEntries: async () => [] };
  const runner = createTreeRunner(context, workspace, { ...tree, treeId: treeIdOf(tree.files) });
  return {
    ...runner,
    close: async () => {
      await runner.close();
      await bench.sandbox.remove(root);
    },
  };
}

async function writeTree(bench: Bench, root: string, files: Files) {
  const directories = {
    root,
    workspace: join(root, 'ws'),
    home: join(root, 'home'),
    out: join(root, 'out'),
  };
  const own = [directories.workspace, directories.home, directories.out];
  for (const directory of own) await mkdir(directory, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    const file = join(directories.workspace, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  for (const directory of own) await bench.sandbox.adopt(directory);
  return directories;
}

function inputOf(
  { base, head }: Candidate,
  at: {
    readonly commands: DetectedCommands;
    readonly baseline: TestRun | null;
    readonly open: (name: 'base' | 'head' | 'graft', files: Files) => ClosableTreeRunner;
  },
): GateInput {
  const changes = changesOf(base, head);
  return {
    ...textsOf({ base, head }),
    settings: defaultGateSettings,
    commands: at.commands,
    base: at.open('base', base),
    head: at.open('head', head),
    graft: async (paths) => at.open('graft', graft(base, head, paths)),
    baseline: at.baseline,
    changes,
    addedLines: changes.flatMap(({ path }) => addedLines(path, base[path] ?? '', head[path] ?? '')),
    signal: new AbortController().signal,
  };
}

function graft(base: Files, head: Files, paths: readonly string[]): Files {
  const wanted = new Set(paths);
  const kept = Object.entries(base).filter(([path]) => !wanted.has(path));
  return Object.fromEntries([...kept, ...Object.entries(head).filter(([path]) => wanted.has(path))]);
}

function changesOf(base: Files, head: Files): readonly ChangedFile[] {
  const paths = [...new Set([...Object.keys(base), ...Object.keys(head)])].sort();
  return paths
    .filter((path) => base[path] !== head[path])
    .map((path) => {
      const status = base[path] === undefined ? 'added' : head[path] === undefined ? 'deleted' : 'modified';
      const additions = addedLines(path, base[path] ?? '', head[path] ?? '').length;
      return { path, status, additions, deletions: 0, binary: false };
    });
}

/** Lines of head that base has not as often; good enough where a gate asks what is new. */
function addedLines(path: string, base: string, head: string) {
  const counts = new Map<string, number>();
  for (const text of base.split('\n')) counts.set(text, (counts.get(text) ?? 0) + 1);
  return head
    .split('\n')
    .map((text, index) => ({ path, line: index + 1, text }))
    .filter(({ text }) => {
      const left = counts.get(text) ?? 0;
      counts.set(text, left - 1);
      return left <= 0;
    });
}

function textsOf(sides: Readonly<Record<Side, Files>>): TreeTexts {
  const byId = new Map(
    Object.values(sides).flatMap((files) =>
      Object.values(files).map((text) => [idOf(text), Buffer.from(text)]),
    ),
  );
  return {
    list: async (side) => Object.keys(sides[side]),
    files: async (side) =>
      Object.entries(sides[side]).map(([path, text]) => ({
        path,
        blob: idOf(text),
        sizeBytes: Buffer.byteLength(text),
      })),
    read: async (side, path) => {
      const text = Object.hasOwn(sides[side], path) ? sides[side][path] : undefined;
      return text === undefined ? undefined : Buffer.from(text);
    },
    blobs: async (ids) =>
      new Map(ids.flatMap((id) => (byId.has(id) ? [[id, byId.get(id) ?? Buffer.alloc(0)]] : []))),
  };
}

function idOf(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

function treeIdOf(files: Files): TreeId {
  return idOf(JSON.stringify(Object.entries(files).sort(([a], [b]) => a.localeCompare(b)))) as TreeId;
}
