import { betweenCrashPoints, crashPoint } from '../domain/crash-point.ts';
import type { RunId } from '../domain/ids.ts';
import type { CreateRunResult, Lease, NewRun, Run, RunEnd, RunStore } from '../domain/run.ts';
import type { Database, Row, Statements } from './database.ts';
import { type HeldLeases, leaseLost } from './held-leases.ts';
import { type JobQueue, jobIdOf } from './job-queue.ts';
import { appendEvent } from './journal.ts';
import { toQueueKeys, toRun } from './run-row.ts';

/** What the stores of runs share. */
export interface RunParts {
  readonly database: Database;
  readonly jobs: JobQueue;
  readonly held: HeldLeases;
}

export function openRuns(parts: RunParts): RunStore {
  const { database } = parts;
  return {
    create: (run) => betweenCrashPoints('run.create', () => create(parts, run)),
    async get(id) {
      return firstRun(await database.run('get-run', [id]));
    },
    async list({ state, repositoryId, limit }) {
      return (await database.run('list-runs', [state ?? null, limit, repositoryId ?? null])).map(toRun);
    },
    async findActive(repositoryId, { kind, number }) {
      return firstRun(await database.run('find-active-run', [repositoryId, kind, number]));
    },
    requestCancel: (id, reason) => betweenCrashPoints('run.cancel', () => requestCancel(parts, id, reason)),
    async setTrackingIssue(lease, issue) {
      const rows = await betweenCrashPoints('tracking-issue.record', () =>
        database.run('set-tracking-issue', [lease.runId, lease.epoch, issue]),
      );
      if (rows.length === 0) throw leaseLost(lease);
    },
    finish: (lease, end) => betweenCrashPoints('run.finish', () => finish(parts, lease, end)),
    async queuePlace(id) {
      const [row] = await database.run('queue-place', [id]);
      return Number(row?.place ?? 0);
    },
  };
}

function firstRun(rows: readonly Row[]): Run | undefined {
  return rows[0] && toRun(rows[0]);
}

async function create({ database, jobs }: RunParts, run: NewRun): Promise<CreateRunResult> {
  return await database.transaction(async (on) => {
    const jobId = jobIdOf(run.id);
    const [row] = await on.run('insert-run', [
      run.id,
      jobId,
      run.installationId,
      run.repository.id,
      run.target.kind,
      run.target.number,
      run.triggerKey,
      run.trackingIssue,
      JSON.stringify(run),
    ]);
    if (!row) return await whyNotCreated(on, run);
    const { sha256: inputSha256, dropped } = run.input;
    const first = { runId: run.id, epoch: 0 };
    await appendEvent(on, first, { kind: 'run.created', trigger: run.trigger, inputSha256, dropped });
    await jobs.put(on, { jobId, installationId: run.installationId, delayMs: 0, priority: 0 });
    await on.run('notify-run');
    await crashPoint('run.create.before-commit');
    return { kind: 'created', run: toRun(row) };
  });
}

/** The run in the way may end between the two statements; then its trigger is simply new on the next delivery. */
async function whyNotCreated(on: Statements, run: NewRun): Promise<CreateRunResult> {
  const repeated = firstRun(await on.run('get-run-by-trigger', [run.triggerKey]));
  if (repeated) return { kind: 'repeated', run: repeated };
  const { kind, number } = run.target;
  const active = firstRun(await on.run('find-active-run', [run.repository.id, kind, number]));
  if (active) return { kind: 'active', run: active };
  throw new Error(`run ${run.id} was neither created nor is another in its way`);
}

/** A run that waits is put in front of the queue, so that a worker can end it at once. */
async function requestCancel({ database, jobs }: RunParts, id: RunId, reason: string): Promise<boolean> {
  return await database.transaction(async (on) => {
    // A claim locks the job, then the run; without this a cancellation would lock them the other way round.
    await on.run('lock-claims');
    const [row] = await on.run('request-cancel', [id, reason]);
    if (!row) return false;
    if (row.state !== 'running') {
      const { jobId, installationId } = toQueueKeys(row);
      await on.run('requeue-run', [id]);
      await jobs.put(on, { jobId, installationId, delayMs: 0, priority: 20 });
      await on.run('notify-run');
    }
    return true;
  });
}

async function finish({ database, jobs, held }: RunParts, lease: Lease, end: RunEnd): Promise<void> {
  await database.transaction(async (on) => {
    await appendEvent(on, lease, { kind: 'run.ended', state: end.state, end }, 'run.ended');
    const [row] = await on.run('end-run', [lease.runId, lease.epoch, end.state, end.summary]);
    if (!row) throw leaseLost(lease);
    await jobs.complete(on, toQueueKeys(row).jobId);
    await crashPoint('run.finish.before-commit');
  });
  held.drop(lease);
}
