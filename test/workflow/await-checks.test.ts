import { describe, expect, it } from 'vitest';
import type { CheckResult, CheckState } from '../../src/domain/checks.ts';
import type { CommitId } from '../../src/domain/ids.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import type { Run } from '../../src/domain/run.ts';
import { awaitChecks } from '../../src/workflow/checks/await-checks.ts';
import type { WorkflowLimits, WorkflowPorts } from '../../src/workflow/ports.ts';
import { RunContext } from '../../src/workflow/run-context.ts';
import { modelEvents } from '../record/run-fixture.ts';
import { createMemoryRunStore } from '../support/memory-run-store.ts';
import { newRun } from '../support/new-run.ts';

const commit = '9'.repeat(40) as CommitId;
const minute = 60_000;
const kinds: readonly JournalEvent['kind'][] = ['base.chosen', 'solver.finished'];
const pushed: JournalEvent = {
  kind: 'effect.sent',
  effect: 'commit.publish',
  key: 'commit',
  result: { outcome: 'sent', sha: commit },
};

/** A run that has just pushed `commit`, and GitHub with what others report there and on the base. */
async function pushedRun(limits: Partial<WorkflowLimits> = {}) {
  const run: Run = {
    ...newRun(),
    state: 'running',
    epoch: 1,
    cancelReason: null,
    crashes: 0,
    createdAt: new Date(),
    endedAt: null,
  };
  const store = createMemoryRunStore(run.id);
  const lease = store.claim();
  const now = { ms: Date.now() };
  const forge = {
    head: [] as CheckResult[],
    before: [] as CheckResult[],
    required: [] as string[],
    runsOnPulls: false,
    tip: commit as string,
    looks: 0,
    told: 0,
    atLook: undefined as ((look: number) => void) | undefined,
  };
  const ports = {
    journal: store.journal,
    inbox: { post: async () => 'over', pending: async () => [] },
    permissions: { granted: async () => ({ checks: 'write', statuses: 'read', actions: 'read' }) },
    pusher: { remoteTip: async () => forge.tip },
    clock: { now: () => new Date(now.ms) },
    checks: {
      appId: 1,
      reader: {
        results: async (_at: unknown, sha: string) => {
          if (sha !== commit) return forge.before;
          forge.looks += 1;
          const seen = [...forge.head];
          forge.atLook?.(forge.looks);
          return seen;
        },
        required: async () => forge.required,
        runsOnPulls: async () => forge.runsOnPulls,
        words: async () => ({ title: 'broken', text: '', log: '' }),
      },
    },
    limits: { checksWaitMs: 120 * minute, checksGraceMs: minute, ...limits },
  } as unknown as WorkflowPorts;
  for (const event of [...modelEvents.filter(({ kind }) => kinds.includes(kind)), pushed])
    await store.journal.append(lease, event);
  now.ms = Date.now();
  const shown = { round: 1, number: 8, commit, tell: async () => void (forge.told += 1) };
  return {
    forge,
    pass: (ms: number) => void (now.ms += ms),
    kinds: () => store.entries.map(({ event }) => event.kind).slice(3),
    events: store.entries,
    /** As a worker that claims the run anew. */
    wait: async () => await awaitChecks(await RunContext.open(run, lease, ports), shown),
  };
}

let ids = 0;
function unit(state: CheckState, appId = 5): CheckResult {
  ids += 1;
  const like = { kind: 'run', name: 'unit', series: 'run:1:unit', url: '', note: '', isJob: false } as const;
  return { ...like, id: ids, appId, state, conclusion: state };
}

const awaited = { code: 'checks-awaited' };

describe('a run that has pushed', () => {
  it('does not wait and writes nothing down where nobody checks, our own checks aside', async () => {
    const run = await pushedRun();
    run.forge.head.push(unit('green', 1));
    expect(await run.wait()).toBeUndefined();
    expect(run.kinds()).toEqual([]);
  });

  it('waits for a required check until it is there and has ended', async () => {
    const run = await pushedRun();
    run.forge.required = ['unit'];
    await expect(run.wait()).rejects.toMatchObject({ ...awaited, retryAfterMs: expect.any(Number) });
    run.forge.head.push(unit('open'));
    await expect(run.wait()).rejects.toMatchObject(awaited);
    run.forge.head.push(unit('green'));
    expect(await run.wait()).toMatchObject({ outcome: 'green', checks: [{ required: true }] });
    expect(run.kinds()).toEqual(['wait.begun', 'checks.judged', 'wait.ended']);
    expect(run.forge.told).toBe(1);
  });

  it('looks once more after it wrote down that it waits: what ended before told nobody', async () => {
    const run = await pushedRun();
    run.forge.required = ['unit'];
    run.forge.atLook = (look) => void (look === 1 && run.forge.head.push(unit('green')));
    expect(await run.wait()).toMatchObject({ outcome: 'green' });
    expect(run.forge.looks).toBe(2);
  });

  it('waits a short time for what ran on the base, and not for it alone', async () => {
    const run = await pushedRun();
    run.forge.before.push(unit('green'));
    await expect(run.wait()).rejects.toMatchObject(awaited);
    run.pass(2 * minute);
    expect(await run.wait()).toMatchObject({ outcome: 'green', checks: [] });
  });

  it('looks again when the short time is over, every five minutes, and at the end', async () => {
    const run = await pushedRun();
    run.forge.required = ['unit'];
    const next = async (): Promise<number> => {
      const error: unknown = await run.wait().catch((thrown: unknown) => thrown);
      return (error as { retryAfterMs: number }).retryAfterMs;
    };
    expect(await next()).toBeLessThanOrEqual(minute);
    run.pass(2 * minute);
    expect(await next()).toBe(5 * minute);
    run.pass(116 * minute);
    expect(await next()).toBeLessThanOrEqual(2 * minute);
    run.pass(3 * minute);
    expect(await run.wait()).toMatchObject({ outcome: 'ask', why: expect.stringContaining('nobody') });
  });

  it('judges once: a worker that takes over finds the same, whatever CI says by then', async () => {
    const run = await pushedRun();
    run.forge.head.push(unit('red'));
    const first = await run.wait();
    expect(first).toMatchObject({ outcome: 'fix', feedback: '## CI check "unit": red\nbroken' });
    run.forge.head.push(unit('green'));
    expect(await run.wait()).toEqual(first);
    expect(run.kinds()).toEqual(['checks.judged']);
  });

  it('leaves a branch that somebody else moved to them, at its next look', async () => {
    const run = await pushedRun();
    run.forge.required = ['unit'];
    await expect(run.wait()).rejects.toMatchObject(awaited);
    run.forge.tip = 'f'.repeat(40);
    expect(await run.wait()).toMatchObject({ outcome: 'ask', why: expect.stringContaining('somebody else') });
  });

  it('neither reads nor waits where that is switched off', async () => {
    const run = await pushedRun({ checksWaitMs: 0 });
    run.forge.required = ['unit'];
    expect(await run.wait()).toBeUndefined();
    expect(run.forge.looks).toBe(0);
  });
});
