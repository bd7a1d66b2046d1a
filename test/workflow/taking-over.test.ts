import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/app-error.ts';
import type { TreeId } from '../../src/domain/ids.ts';
import type { JournalEntry } from '../../src/domain/journal.ts';
import { type JournalEvent, journalFormat } from '../../src/domain/journal-event.ts';
import type { ClaimedRun, Release, Run, RunEnd } from '../../src/domain/run.ts';
import { executeRun } from '../../src/workflow/execute-run.ts';
import { park } from '../../src/workflow/park.ts';
import type { WorkflowPorts } from '../../src/workflow/ports.ts';
import { RunContext } from '../../src/workflow/run-context.ts';
import { InstantClock } from '../support/instant-clock.ts';
import { newRun } from '../support/new-run.ts';
import { silentLog } from '../support/silent-log.ts';

const createdAt = new Date('2026-03-01T10:00:00Z');
const run: Run = {
  ...newRun(),
  state: 'running',
  epoch: 2,
  cancelReason: null,
  crashes: 0,
  createdAt,
  endedAt: null,
};

/** A claimed run with this journal, and only the ports that must be enough. */
function claimedWith(events: readonly JournalEvent[], clock = new InstantClock(createdAt)) {
  const entries: JournalEntry[] = [];
  const released: Release[] = [];
  const append = async (event: JournalEvent): Promise<number> => {
    entries.push({ runId: run.id, seq: entries.length + 1, epoch: 2, at: createdAt, event, hash: '' });
    return entries.length;
  };
  for (const event of events) void append(event);
  const ports = {
    journal: {
      append: (_lease: unknown, event: JournalEvent) => append(event),
      read: async (_id: unknown, afterSeq = 0) => entries.slice(afterSeq),
      verify: async () => null,
    },
    inbox: { post: async () => 'over', pending: async () => [] },
    clock,
    log: silentLog,
    limits: { retriesMax: 8, ageMsMax: 24 * 3_600_000 },
  } as unknown as WorkflowPorts;
  const claimed: ClaimedRun = {
    run,
    lease: { runId: run.id, epoch: 2, signal: new AbortController().signal },
    release: async (release) => void released.push(release),
  };
  return { ports, claimed, released, entries };
}

describe('a worker that takes a run over', () => {
  it('leaves alone what a later version has written, untouched', async () => {
    const code = { version: '9.0.0', format: journalFormat + 1 };
    const taken = claimedWith([{ kind: 'run.claimed', worker: 'newer', epoch: 1, code }]);
    expect(await executeRun(taken.claimed, taken.ports)).toBe('released');
    expect(taken.released).toMatchObject([{ delayMs: 60_000, cause: 'person' }]);
    expect(taken.entries).toHaveLength(1);
  });

  it('does not give it up because its own clock is days ahead', async () => {
    const ahead = new InstantClock(new Date(createdAt.getTime() + 3 * 24 * 3_600_000));
    const taken = claimedWith([{ kind: 'run.claimed', worker: 'w', epoch: 2 }], ahead);
    const context = await RunContext.open(run, taken.claimed.lease, taken.ports);
    expect(await park(taken.claimed, context, new AppError('github-unavailable', 'no answer'))).toBe(true);
    expect(taken.released).toHaveLength(1);
  });
});

describe('a stop that comes while a run tells its end', () => {
  const published = { state: 'published', summary: '#2 is open and green' } as const;

  it('changes nothing of it, and makes no directory again', async () => {
    const taken = claimedWith([
      { kind: 'run.claimed', worker: 'w', epoch: 2 },
      {
        kind: 'base.chosen',
        base: 'main',
        baseSha: 'a'.repeat(40),
        head: 'agent/2-x',
        headTip: null,
        startSha: 'a'.repeat(40),
        startTree: 'b'.repeat(40),
        files: 1,
        notes: [],
      } as unknown as JournalEvent,
      { kind: 'checkpoint.made', turn: 1, treeId: 'c'.repeat(40) as TreeId },
    ]);
    const finished: RunEnd[] = [];
    const opened: string[] = [];
    // The graph's last step has journaled the end; the stop reaches the worker before it has said so everywhere.
    const stoppedThen = async (): Promise<never> => {
      await taken.ports.journal.append(taken.claimed.lease, {
        kind: 'run.ended',
        state: 'published',
        end: published,
      });
      throw new AppError('run-cancelled', 'the issue was closed');
    };
    const ports = {
      ...taken.ports,
      checkpointer: () => ({ getTuple: stoppedThen }),
      workspaces: {
        open: async (id: string) => void opened.push(id),
        discard: async () => undefined,
      },
      runs: { finish: async (_lease: unknown, end: RunEnd) => void finished.push(end) },
      effects: { perform: async () => ({ outcome: 'sent', id: 1 }), settle: async () => [] },
    } as unknown as WorkflowPorts;
    expect(await executeRun(taken.claimed, ports)).toBe('ended');
    expect(finished).toEqual([published]);
    expect(opened).toEqual([]);
  });
});
