import type { Clock } from '../../src/domain/clock.ts';
import type { Effect } from '../../src/domain/effect.ts';
import type { CommitId, RunId, TreeId } from '../../src/domain/ids.ts';
import type { Logger } from '../../src/domain/logger.ts';
import type { Lease, Run } from '../../src/domain/run.ts';
import { createEffects } from '../../src/effects/create-effects.ts';
import { freeRates } from '../support/free-rates.ts';
import { type MemoryForge, memoryLedger, person } from './memory-forge.ts';

export const commit = 'c'.repeat(40) as CommitId;
export const start = 'a'.repeat(40) as CommitId;

export const publishCommit: Effect = {
  kind: 'commit.publish',
  branch: 'agent/7',
  expected: start,
  parent: start,
  parentTree: 'e'.repeat(40) as TreeId,
  tree: 'd'.repeat(40) as TreeId,
  message: 'Do it\n\nPullwright-Run: 1',
  files: [{ path: 'a.txt', mode: '100644', content: Buffer.from('a\n') }],
};

/** A clock that jumps instead of sleeping, and remembers how long it slept. */
export function jumpingClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  let nowMs = 0;
  return {
    slept,
    now: () => new Date(nowMs),
    monotonicMs: () => nowMs,
    sleep: async (ms) => {
      slept.push(ms);
      nowMs += ms;
    },
  };
}

export const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

export const run: Run = {
  id: '01hzx3w5m8q2v7c9k4t6r1n0pd' as RunId,
  installationId: 3,
  repository: {
    id: 10,
    owner: 'o',
    name: 'r',
    cloneUrl: 'https://git.example/o/r.git',
    htmlUrl: 'https://git.example/o/r',
    private: false,
    defaultBranch: 'main',
  },
  target: { kind: 'issue', number: 7, htmlUrl: 'https://git.example/o/r/issues/7' },
  branches: { base: 'main', head: 'agent/7', headSha: null },
  input: { title: 't', body: 'b', instruction: null, author: person, sha256: '0', dropped: [] },
  requestedBy: person,
  requestedByRole: 'write',
  trigger: 'label',
  triggerKey: 'label:1',
  deliveryGuid: null,
  trackingIssue: 7,
  commentId: null,
  state: 'running',
  epoch: 1,
  cancelReason: null,
  crashes: 0,
  createdAt: new Date(0),
  endedAt: null,
};

export const lease: Lease = { runId: run.id, epoch: 1, signal: new AbortController().signal };

/** The port over a memory forge; the ledger survives a "crash" when it is handed on. */
export function effectsOver(forge: MemoryForge, ledger = memoryLedger(), rates = freeRates()) {
  const { reader, writer, pusher, journals } = forge;
  const effects = createEffects({
    reader,
    writer,
    pusher,
    journals,
    ledger,
    rates,
    log: silent,
    botLogin: 'pullwright[bot]',
  });
  return { effects, ledger, rates };
}
