import { expect, it } from 'vitest';
import { AppError } from '../../src/domain/app-error.ts';
import { announceQueued } from '../../src/effects/announce-queued.ts';
import { markdown } from '../../src/text/markdown.ts';
import { freeRates } from '../support/free-rates.ts';
import { run } from './effects-fixture.ts';
import { MemoryForge } from './memory-forge.ts';

it('an announcement whose turn was granted does not leave during a pause that came since, and lets the run go', async () => {
  const forge = new MemoryForge();
  const rates = freeRates();
  let isPaused = false;
  const paused = new AppError('github-rate-limited', 'installation 3 waits 60 s', { retryAfterMs: 60_000 });
  const ended: string[] = [];
  const places = {
    unannounced: async () => [],
    async begin() {
      isPaused = true;
      return true;
    },
    async end(id: string) {
      ended.push(id);
    },
  };
  const gate = {
    ...rates,
    async ready() {
      if (isPaused) throw paused;
    },
  };
  await announceQueued({ run, body: markdown`queued` }, { writer: forge.writer, rates: gate, places });
  expect(forge.comments).toEqual([]);
  expect(ended).toEqual([run.id]);
});
