import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyMatrix, evaluate } from '../../scripts/eval-gates/evaluate.ts';
import { type Bench } from '../../scripts/eval-gates/judge-candidate.ts';
import { readExercises } from '../../scripts/eval-gates/read-corpora.ts';
import { createIntegrityGate } from '../../src/gates/integrity-gate.ts';
import { createTestsGate } from '../../src/gates/tests-gate.ts';
import { createBwrapSandbox } from '../../src/sandbox/bwrap-sandbox.ts';
import { silentLog } from '../support/silent-log.ts';

const corpus = fileURLToPath(new URL('../fixtures/gates', import.meta.url));

describe('the gates on exercises with known solutions', () => {
  let bench: Bench;
  beforeAll(async () => {
    const root = await mkdtemp(join(tmpdir(), 'pullwright-gates-'));
    await chmod(root, 0o755);
    await mkdir(join(root, 'engine'));
    const sandbox = createBwrapSandbox({ stateDir: join(root, 'engine'), registries: [], log: silentLog });
    bench = { root, sandbox, mounts: [], commandTimeoutMs: 60_000 };
  });
  afterAll(async () => {
    await bench.sandbox.remove(bench.root);
    await rm(bench.root, { recursive: true, force: true });
  });

  it.each(['change-python', 'inventory', 'roman'])(
    'accept the solution of %s, and neither stubs, nor mutants, nor cheats',
    async (name) => {
      const exercise = (await readExercises('own', corpus)).find((one) => one.name === name);
      if (!exercise) throw new Error(`no exercise ${name}`);
      const matrix = emptyMatrix();
      const surprises: string[] = [];
      const gates = [createIntegrityGate(), createTestsGate()];
      await evaluate(exercise, matrix, {
        bench,
        gates,
        mutantsMax: 1,
        withRegression: false,
        onSurprise: (text) => surprises.push(text),
      });
      expect(surprises).toEqual([]);
      expect(matrix.reference).toEqual({ accepted: 2, held: 0, rejected: 0 });
      expect(matrix.mutant.rejected).toBe(1);
      expect(matrix.cheat.held).toBeGreaterThan(10);
    },
    240_000,
  );
});
