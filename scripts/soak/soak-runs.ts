import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/app/system-clock.ts';
import { startWorker, type Worker } from '../../src/app/worker.ts';
import { isAppError } from '../../src/domain/app-error.ts';
import type { ClaimedRun } from '../../src/domain/run.ts';
import type { Store } from '../../src/store/open-store.ts';
import { silentLog as log } from '../../test/support/silent-log.ts';

interface SoakRunOptions {
  readonly store: Store;
  readonly sinkUrl: string;
  /** False: the negative control, in which a worker whose lease is over goes on. */
  readonly fenced: boolean;
}

/** Three effects, as a run has them: each with intent, a slow request and a result. */
export const effectKeys = ['first', 'second', 'third'];
const slowMs = 150;

/** Works on the runs that the deliveries start: long enough for a pause, a kill or a restart to fall into them. */
export function startSoakWorker(options: SoakRunOptions): Worker {
  const { queue } = options.store;
  return startWorker({
    queue,
    execute: (claimed) => execute(options, claimed),
    concurrency: 8,
    clock: systemClock,
    log,
  });
}

async function execute(options: SoakRunOptions, { run, lease }: ClaimedRun): Promise<void> {
  const { store } = options;
  const entries = await store.journal.read(run.id);
  if (entries.length === 0) return;
  for (const key of effectKeys) {
    await sleep(slowMs);
    await perform(options, { run, lease, key });
  }
  await store.runs.finish(lease, { state: 'refused', summary: 'A soak has nothing to do.' });
}

type Task = Pick<ClaimedRun, 'run' | 'lease'> & { readonly key: string };

/** As `effects/` does it: intent, read back where an earlier owner may have sent, turn, request, result. */
async function perform(options: SoakRunOptions, { run, lease, key }: Task): Promise<void> {
  const { store, sinkUrl, fenced } = options;
  const url = `${sinkUrl}/${run.id}/${key}`;
  const intent = await store.effects
    .intend(lease, key, 'comment.create', { idempotent: false })
    .catch((error: unknown) => goOn(error, fenced));
  if (intent.state === 'done') return;
  await sleep(slowMs);
  if (intent.state === 'unknown' && (await fetch(url)).ok) return await record(options, { run, lease, key });
  const { installationId } = run;
  const turn = { installationId, priority: 'normal', creates: false } as const;
  await store.rates.write(fenced ? { ...turn, lease } : turn, () => fetch(url, { method: 'POST' }));
  await record(options, { run, lease, key });
}

async function record({ store, fenced }: SoakRunOptions, { lease, key }: Task): Promise<void> {
  const result = { outcome: 'sent', id: 1 } as const;
  await store.effects
    .resolve(lease, key, 'comment.create', result)
    .catch((error: unknown) => goOn(error, fenced));
}

function goOn(error: unknown, fenced: boolean): { readonly state: 'new' } {
  if (fenced || !isAppError(error, 'lease-lost')) throw error;
  return { state: 'new' };
}
