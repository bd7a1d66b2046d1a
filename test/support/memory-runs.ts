import type { RunId } from '../../src/domain/ids.ts';
import type { NewRun, Run, RunStore } from '../../src/domain/run.ts';

const active = ['queued', 'running', 'parked'];

/** Runs in memory with the three promises that triggers rely on: one per key, one active per target, cancel once. */
export class MemoryRuns implements RunStore {
  readonly all: Run[] = [];

  async create(run: NewRun): ReturnType<RunStore['create']> {
    const same = this.all.find(({ triggerKey }) => triggerKey === run.triggerKey);
    if (same) return { kind: 'repeated', run: same };
    // Without an await in between: two that come at once must not both find nothing.
    const other = this.#active(run.repository.id, run.target);
    if (other) return { kind: 'active', run: other };
    const created: Run = {
      ...run,
      state: 'queued',
      epoch: 0,
      cancelReason: null,
      crashes: 0,
      createdAt: new Date(1_000_000),
      endedAt: null,
    };
    this.all.push(created);
    return { kind: 'created', run: created };
  }

  async get(id: RunId): Promise<Run | undefined> {
    return this.all.find((run) => run.id === id);
  }

  async list(filter: Parameters<RunStore['list']>[0]): Promise<readonly Run[]> {
    const wanted = this.all.filter(
      (run) =>
        (filter.state === undefined || run.state === filter.state) &&
        (filter.repositoryId === undefined || run.repository.id === filter.repositoryId),
    );
    return wanted.reverse().slice(0, filter.limit);
  }

  async findActive(repositoryId: number, target: Run['target']): Promise<Run | undefined> {
    return this.#active(repositoryId, target);
  }

  #active(repositoryId: number, target: Run['target']): Run | undefined {
    return this.all.find(
      (run) =>
        active.includes(run.state) &&
        run.repository.id === repositoryId &&
        run.target.kind === target.kind &&
        run.target.number === target.number,
    );
  }

  async requestCancel(id: RunId, reason: string): Promise<boolean> {
    const index = this.all.findIndex((run) => run.id === id && active.includes(run.state));
    const run = this.all[index];
    if (run === undefined) return false;
    this.all[index] = { ...run, state: 'cancelled', cancelReason: reason };
    return true;
  }

  async setTrackingIssue(): Promise<void> {}
  async finish(): Promise<void> {}
  async queuePlace(): Promise<number> {
    return 0;
  }

  end(state: Run['state']): void {
    for (const [index, run] of this.all.entries()) this.all[index] = { ...run, state, endedAt: new Date(0) };
  }
}
