import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createGates } from '../../src/app/create-gates.ts';
import { readSettings } from '../../src/config/read-settings.ts';
import type { Gate, GateInput } from '../../src/domain/gate.ts';
import { runGates } from '../../src/gates/run-gates.ts';
import { notStatic, treesInput } from '../eval/trees-input.ts';
import { percentile } from './percentiles.ts';

const filesTotal = 750;
const changedTotal = 20;
const warmRuns = 9;
/**
 * All static gates on a repository of 750 files of about 100 lines in three languages: once in a fresh process, then on
 * other changes of the same base, as a bot sees them round after round.
 */
export async function benchStaticGates(): Promise<readonly string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'pullwright-static-'));
  const all = createGates(readSettings({ env: { OSV_URL: 'off' }, envFile: '/nonexistent' }));
  try {
    const trees = makeRepository(directory);
    const gitDir = join(directory, '.git');
    const judged = all.gates.filter(({ name }) => !notStatic.has(name));
    const cold = await measure(judged, await treesInput(gitDir, trees.base, trees.heads[0] ?? ''));
    const warm: Measured[] = [];
    for (const head of trees.heads.slice(1)) {
      warm.push(await measure(judged, await treesInput(gitDir, trees.base, head)));
    }
    return report(judged, cold, warm);
  } finally {
    await all.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Measured {
  readonly totalMs: number;
  /** Of all threads: what is left of the time when nobody else wants the cores. */
  readonly cpuMs: number;
  readonly statuses: string;
}

async function measure(gates: readonly Gate[], input: GateInput): Promise<Measured> {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  const verdicts = await runGates(gates, input);
  const totalMs = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(before);
  const broken = verdicts.filter(({ status }) => status === 'error');
  if (broken.length > 0) throw new Error(`a gate broke: ${broken[0]?.summary}`);
  return {
    totalMs,
    cpuMs: (user + system) / 1_000,
    statuses: verdicts.map(({ gate, status }) => `${gate} ${status}`).join(', '),
  };
}

function report(gates: readonly Gate[], cold: Measured, warm: readonly Measured[]): readonly string[] {
  const totals = warm.map(({ totalMs }) => totalMs);
  return [
    `${gates.length} static gates, ${filesTotal} files, ${changedTotal} of them changed`,
    `first run of a process: ${cold.totalMs.toFixed(0)} ms`,
    `warm, ${warmRuns} other changes of the same base: p50 ${percentile(totals, 0.5).toFixed(0)} ms, max ${Math.max(...totals).toFixed(0)} ms`,
    `processor time of all threads, warm: p50 ${percentile(
      warm.map(({ cpuMs }) => cpuMs),
      0.5,
    ).toFixed(0)} ms`,
    warm[0]?.statuses ?? '',
  ];
}

interface Trees {
  readonly base: string;
  readonly heads: readonly string[];
}

function makeRepository(directory: string): Trees {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'core.fsync=none', ...args], { cwd: directory, encoding: 'utf8' }).trim();
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  };
  git('init', '-q');
  write('package.json', '{"name":"bench","version":"1.0.0"}\n');
  for (let file = 0; file < filesTotal - 1; file += 1) write(pathOf(file), textOf(file, 0));
  git('add', '-A');
  const base = git('write-tree');
  const heads = Array.from({ length: warmRuns + 1 }, (_, version) => {
    for (let nth = 0; nth < changedTotal; nth += 1) {
      const file = (version * 53 + nth * 31) % (filesTotal - 1);
      write(pathOf(file), textOf(file, version + 1));
    }
    git('add', '-A');
    const head = git('write-tree');
    git('read-tree', base);
    git('checkout-index', '-f', '-a');
    return head;
  });
  return { base, heads };
}

const endings = ['js', 'ts', 'py'] as const;

function pathOf(file: number): string {
  return `src/part${file % 30}/m${file}.${endings[file % endings.length]}`;
}

/** About 100 lines; a version adds a function and an import of a neighbour. */
function textOf(file: number, version: number): string {
  const functions = Array.from({ length: version === 0 ? 12 : 13 }, (_, nth) =>
    functionOf(file, nth, version),
  );
  const isPython = endings[file % endings.length] === 'py';
  const head = isPython ? `"""Module ${file}."""\nimport os\n` : `import { join } from 'node:path';\n`;
  return head + (version === 0 ? '' : importOf(file)) + functions.join('');
}

/** Of a neighbour in the same directory and language. */
function importOf(file: number): string {
  const other = (file + 90) % 720;
  const ending = endings[file % endings.length];
  if (ending === 'py') return `from .m${other} import f${other}_0\n`;
  return `import { f${other}_0 } from './m${other}.${ending}';\n`;
}

function functionOf(file: number, nth: number, version: number): string {
  const key = `${file}_${nth}${nth === 12 ? `_${version}` : ''}`;
  const words = Array.from({ length: 3 }, (_, index) => `w${(file * 131 + nth * 17 + index * 7) % 9973}`);
  return endings[file % endings.length] === 'py' ? pythonFunction(key, words) : scriptFunction(key, words);
}

function scriptFunction(key: string, [a = '', b = '', c = '']: readonly string[]): string {
  return [
    `/** Works on ${a}. */`,
    `export function f${key}(${a}, ${b}) {`,
    `  const ${c} = join(String(${a}), "${key}");`,
    `  if (${a} > ${key.length} && ${b}) return ${c}.length;`,
    `  for (const item${key} of ${b} ?? []) if (item${key} === ${c}) return item${key};`,
    `  return ${a};`,
    '}',
    '',
    '',
  ].join('\n');
}

function pythonFunction(key: string, [a = '', b = '', c = '']: readonly string[]): string {
  return [
    `def f${key}(${a}, ${b}):`,
    `    """Works on ${a}."""`,
    `    ${c} = os.path.join(str(${a}), "${key}")`,
    `    if ${a} and ${b}:`,
    `        return len(${c})`,
    `    return [item${key} for item${key} in ${b} if item${key} == ${c}]`,
    '',
    '',
    '',
  ].join('\n');
}
