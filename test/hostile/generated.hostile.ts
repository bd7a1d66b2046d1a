import { describe, expect, it, vi } from 'vitest';
import { checkBatch } from './check-batch.ts';
import { runBatch } from './run-batch.ts';

/** Texts in steps of a hundred; `HOSTILE_TEXTS=10000` for the full run, `HOSTILE_SEED` for other ones. */
const wanted = Number(process.env['HOSTILE_TEXTS'] ?? 2_000);
const firstSeed = Number(process.env['HOSTILE_SEED'] ?? 1);
const seeds = Array.from({ length: Math.ceil(wanted / 100) }, (_, index) => firstSeed + index);

describe('generated texts that a model obeys', () => {
  it.each(seeds)(
    'case 124: a hundred of seed %i are seen and obeyed, and nothing that they ask for happens',
    async (seed) => {
      const canary = `canary-of-the-environment-${seed}`;
      vi.stubEnv('HOSTILE_ENV_CANARY', canary);
      const batch = await runBatch(seed);
      expect(batch.published.writes).toContain('createPull');
      checkBatch(batch, canary);
    },
  );
});
