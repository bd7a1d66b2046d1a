import { createHash } from 'node:crypto';
import type { CommandRun } from '../../src/domain/command-run.ts';
import type { GateInput, Side, TreeRunner, TreeTexts } from '../../src/domain/gate.ts';
import { defaultGateSettings, type GateSettings } from '../../src/domain/gate-settings.ts';
import type { TreeId } from '../../src/domain/ids.ts';
import type { DetectedCommands, TestOutcome, TestRun } from '../../src/domain/toolchain.ts';

const shell = 'npm test';

/** A test run from `{ title: outcome }`; `infra` makes it unsound. */
export function testRun(
  outcomes: Readonly<Record<string, TestOutcome>>,
  infra: string | null = null,
): TestRun {
  const results = Object.entries(outcomes).map(([title, outcome]) => {
    return {
      file: 'a.test.js',
      title,
      outcome,
      durationMs: 1,
      message: outcome === 'failed' ? `${title} broke` : '',
    };
  });
  const failed = results.some(({ outcome }) => outcome === 'failed');
  return {
    commands: [{ shell, exitCode: failed ? 1 : 0, ended: 'exit', durationMs: 100 }],
    results,
    infra,
  };
}

export function commandRun(
  command: string,
  exitCode: number | null,
  outputTail = '',
  ended = 'exit',
): CommandRun {
  return { command, exitCode, ended, durationMs: 50, outputTail };
}

/** A tree whose test runs are scripted one after another (the last one repeats) and whose commands answer by name. */
export function scriptedTree(
  name: string,
  script: {
    readonly tests?: readonly TestRun[];
    readonly commands?: Readonly<Record<string, CommandRun>>;
    readonly setUpFails?: boolean;
    readonly report?: { readonly run: CommandRun; readonly text: string };
  },
): TreeRunner & { testRuns: number } {
  const tree = {
    treeId: name.padEnd(40, '0') as TreeId,
    testRuns: 0,
    setUp: async () => ({
      ok: script.setUpFails !== true,
      runs: script.setUpFails ? [commandRun('npm ci', 1, 'no lockfile')] : [],
      deniedHosts: [],
    }),
    test: async () => {
      const tests = script.tests?.[Math.min(tree.testRuns, (script.tests?.length ?? 1) - 1)];
      tree.testRuns += 1;
      if (!tests) throw new Error(`no test run is scripted on ${name}`);
      const runs = [commandRun(shell, tests.commands[0]?.exitCode ?? null, 'output of the tests')];
      return { tests, runs };
    },
    report: async () => {
      if (!script.report) throw new Error(`no report is scripted on ${name}`);
      return script.report;
    },
    run: async (command: string) => {
      const run = script.commands?.[command];
      if (!run) throw new Error(`${command} is not scripted on ${name}`);
      return run;
    },
  };
  return tree;
}

const none: DetectedCommands = {
  ecosystems: [],
  fetch: [],
  build: [],
  lint: [],
  typecheck: [],
  test: [],
  notes: [],
};

export const withTests: Partial<DetectedCommands> = {
  test: [{ shell, cwd: '', why: 'package.json', format: 'tap', reportPath: null }],
};

/** Texts of two trees, as the clean clone would give them: `{ path: text }`. */
export function treeTexts(
  base: Readonly<Record<string, string>>,
  head: Readonly<Record<string, string>>,
): TreeTexts {
  const sides = { base: new Map(Object.entries(base)), head: new Map(Object.entries(head)) };
  const idOf = (text: string): string => createHash('sha1').update(text).digest('hex');
  const byId = new Map([...sides.base.values(), ...sides.head.values()].map((text) => [idOf(text), text]));
  const files = async (side: Side) =>
    [...sides[side]].map(([path, text]) => ({
      path,
      blob: idOf(text),
      sizeBytes: Buffer.byteLength(text),
    }));
  return {
    files,
    list: async (side) => [...sides[side].keys()],
    read: async (side, path, bytesMax = 1024 * 1024) => {
      const text = sides[side].get(path);
      return text === undefined || text.length > bytesMax ? undefined : Buffer.from(text);
    },
    blobs: async (ids) => new Map(ids.map((id) => [id, Buffer.from(byId.get(id) ?? '')])),
  };
}

export function gateInput(
  input: Partial<Omit<GateInput, 'commands' | 'settings'>> & {
    readonly commands?: Partial<DetectedCommands>;
    readonly settings?: Partial<GateSettings>;
  },
): GateInput {
  return {
    ...treeTexts({}, {}),
    base: scriptedTree('ba5e', {}),
    head: scriptedTree('4ead', {}),
    baseline: null,
    changes: [],
    addedLines: [],
    signal: new AbortController().signal,
    ...input,
    settings: { ...defaultGateSettings, ...input.settings },
    commands: { ...none, ...input.commands },
  };
}
