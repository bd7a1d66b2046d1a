import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/soak.ts', import.meta.url));
const soakMs = 1_200_000;

/** A short soak: long enough for every kind of fault. Its exit code, and what it counted. */
async function soak(weaken: string): Promise<{ readonly code: number; readonly output: string }> {
  const words = ['--deliveries', '1500', '--per-second', '40', '--label-every', '10', '--weaken', weaken];
  const child = spawn(process.execPath, [script, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
  const output = await text(child.stdout);
  return { code: await closed, output };
}

const countOf = (output: string, name: string): number =>
  Number(new RegExp(`\\b${name} (\\d+)`).exec(output)?.[1] ?? Number.NaN);

describe('a soak of signed deliveries over killed ingresses and a restarted database', () => {
  it(
    'loses nothing, runs nothing twice and leaves a clean audit',
    async () => {
      const { code, output } = await soak('nothing');
      expect(output).toContain('must be 0: lost 0, lostAfterAck 0, unfinished 0, strangers 0, doubleRuns 0');
      expect(countOf(output, 'auditViolations')).toBe(0);
      expect(code).toBe(0);
    },
    soakMs,
  );

  it(
    'goes red when a trigger may start two runs',
    async () => {
      const { code, output } = await soak('trigger-key');
      expect(countOf(output, 'doubleRuns')).toBeGreaterThan(0);
      expect(code).toBe(1);
    },
    soakMs,
  );

  it(
    'goes red when a worker may go on after its lease',
    async () => {
      const { code, output } = await soak('fence');
      expect(countOf(output, 'takenOver')).toBeGreaterThan(0);
      expect(countOf(output, 'doubleEffects')).toBeGreaterThan(0);
      expect(code).toBe(1);
    },
    soakMs,
  );
});
