/**
 * Measures the gates on exercises with a known solution: `npm run eval:gates -- --corpus PATH --kind polyglot-js`.
 * Corpora are fetched by whoever measures and are not part of this repository: github.com/Aider-AI/polyglot-benchmark
 * (`polyglot-js`, `polyglot-python`), github.com/jkoppel/QuixBugs (`quixbugs`). JavaScript exercises need jest: a
 * directory whose `node_modules` holds it is given with `--jest`, and is mounted read-only at `/node_modules`.
 * `own` is the small corpus in test/fixtures.
 */

import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createIntegrityGate } from '../src/gates/integrity-gate.ts';
import { createTestsGate } from '../src/gates/tests-gate.ts';
import { createBwrapSandbox } from '../src/sandbox/bwrap-sandbox.ts';
import { emptyMatrix, evaluate, type Matrix } from './eval-gates/evaluate.ts';
import { readExercises } from './eval-gates/read-corpora.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

const { values } = parseArgs({
  options: {
    corpus: { type: 'string', default: 'test/fixtures/gates' },
    kind: { type: 'string', default: 'own' },
    only: { type: 'string', default: '' },
    jest: { type: 'string' },
    mutants: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '30' },
    'no-regression': { type: 'boolean', default: false },
  },
});
await main();

async function main(): Promise<void> {
  const only = values.only.split(',').filter((name) => name !== '');
  const exercises = (await readExercises(values.kind, values.corpus)).filter(
    ({ name }) => only.length === 0 || only.includes(name),
  );
  const root = await mkdtemp(join(tmpdir(), 'pullwright-eval-'));
  await chmod(root, 0o755);
  await mkdir(join(root, 'engine'));
  const sandbox = createBwrapSandbox({ stateDir: join(root, 'engine'), registries: [], log: silent });
  const matrix = emptyMatrix();
  try {
    for (const exercise of exercises) {
      const startedMs = performance.now();
      await evaluate(exercise, matrix, {
        bench: {
          root,
          sandbox,
          mounts:
            values.jest === undefined
              ? []
              : [{ source: join(values.jest, 'node_modules'), target: '/node_modules' }],
          commandTimeoutMs: Number(values.seconds) * 1_000,
        },
        gates: [createIntegrityGate(), createTestsGate()],
        mutantsMax: Number(values.mutants),
        withRegression: !values['no-regression'],
        onSurprise: (text) => console.log(`! ${text}`),
      });
      const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
      console.log(`${exercise.name.padEnd(32)} ${seconds.padStart(6)} s   so far ${soFar(matrix)}`);
    }
  } finally {
    await sandbox.remove(root);
    await rm(root, { recursive: true, force: true });
  }
  print(exercises.length, matrix);
}

/** Accepted, held and rejected of each kind: a run that is broken off has told something too. */
function soFar(matrix: Matrix): string {
  return Object.entries(matrix)
    .map(([kind, { accepted, held, rejected }]) => `${kind} ${accepted}/${held}/${rejected}`)
    .join(', ');
}

function print(count: number, matrix: Matrix): void {
  console.log(`\n${values.kind}: ${count} exercises\n`);
  console.log('candidate  accepted  held  rejected');
  for (const [kind, row] of Object.entries(matrix)) {
    const cells = [row.accepted, row.held, row.rejected].map((value) => String(value).padStart(8));
    console.log(`${kind.padEnd(9)} ${cells.join('  ')}`);
  }
  const bad = matrix.stub.accepted + matrix.mutant.accepted + matrix.cheat.accepted;
  const references = matrix.reference.accepted + matrix.reference.held + matrix.reference.rejected;
  const refused = references - matrix.reference.accepted;
  const share = references === 0 ? 0 : (100 * refused) / references;
  console.log(`\nfalse accepts: ${bad}; false rejects: ${refused} of ${references} (${share.toFixed(1)} %)`);
  if (bad > 0) process.exitCode = 1;
}
