import type { Lease } from '../../src/domain/run.ts';
import { memoryLedger } from '../effects/memory-forge.ts';
import { MemoryInbox } from '../support/memory-inbox.ts';
import { createMemoryRunStore } from '../support/memory-run-store.ts';
import { MemoryRuns } from '../support/memory-runs.ts';
import { newRun } from '../support/new-run.ts';
import { describeRunInbox } from './run-inbox-contract.ts';
import {
  describeBlobs,
  describeEffectLedger,
  describeJournal,
  describeSpend,
  type LedgerSubject,
} from './run-ledger-contract.ts';
import { describeRunStore } from './run-store-contract.ts';

const memory: LedgerSubject = {
  name: 'the double in memory',
  async open() {
    const store = createMemoryRunStore(newRun().id);
    const { journal, spend, blobs } = store;
    return { journal, spend, blobs, lease: store.claim(), handOver: async () => store.claim() };
  },
};

const ledger: LedgerSubject = {
  name: 'the double in memory',
  async open() {
    const effects = memoryLedger();
    const lease: Lease = { runId: newRun().id, epoch: 1, signal: new AbortController().signal };
    const handOver = async (): Promise<Lease> => {
      effects.fenceBelow(2);
      return { ...lease, epoch: 2 };
    };
    return { effects, lease, handOver };
  },
};

describeJournal(memory);
describeSpend(memory);
describeBlobs(memory);
describeEffectLedger(ledger);
describeRunStore({ name: 'the double in memory', open: async () => new MemoryRuns() });
describeRunInbox({
  name: 'the double in memory',
  async open() {
    const store = createMemoryRunStore(newRun().id);
    const lease = store.claim();
    let open = true;
    const inbox = new MemoryInbox({
      isOpen: (runId) => open && runId === lease.runId,
      isJournaled: (_runId, key) => store.entries.some((entry) => entry.key === key),
    });
    return {
      inbox,
      journal: store.journal,
      lease,
      handOver: async () => store.claim(),
      async end() {
        open = false;
      },
    };
  },
});
