import {
  describeBlobs,
  describeEffectLedger,
  describeJournal,
  describeReplyLedger,
  describeSpend,
  type LedgerSubject,
} from '../contract/run-ledger-contract.ts';
import { describeRunStore } from '../contract/run-store-contract.ts';
import { newRun } from '../support/new-run.ts';
import { openQuietStore } from './quiet-store.ts';

const subject: LedgerSubject = {
  name: 'the simulation',
  async open() {
    const { store, inside } = openQuietStore();
    await inside(() => store.runs.create(newRun()));
    const claim = async () => {
      const claimed = await inside(() => store.queue.claim());
      if (!claimed) throw new Error('nothing to claim');
      return claimed;
    };
    let claimed = await claim();
    return {
      ...store,
      lease: claimed.lease,
      async handOver() {
        await inside(() => claimed.release({ delayMs: 0, reason: 'drain' }));
        claimed = await claim();
        return claimed.lease;
      },
    };
  },
};

describeJournal(subject);
describeSpend(subject);
describeBlobs(subject);
describeEffectLedger(subject);
describeReplyLedger({ name: 'the simulation', open: async () => openQuietStore().store.replies });
describeRunStore({ name: 'the simulation', open: async () => openQuietStore().store.runs });
