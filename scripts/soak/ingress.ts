// One ingress of the soak: intake, the processing of what is stored, and a worker for the runs that come of it. Killed
// and paused without warning by its parent.
import { startDeliveryLoop } from '../../src/app/delivery-loop.ts';
import { newRunId } from '../../src/app/new-run-id.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import type { ForgeReader } from '../../src/domain/forge.ts';
import { startIntake } from '../../src/intake/start-intake.ts';
import { openStore } from '../../src/store/open-store.ts';
import { plainLine } from '../../src/text/publishable.ts';
import { createDeliveryProcessor } from '../../src/triggers/process-delivery.ts';
import { operatorBudgets } from '../../test/support/operator-budgets.ts';
import { silentLog as log } from '../../test/support/silent-log.ts';
import { startSoakWorker } from './soak-runs.ts';

const [url = '', port = '', secret = '', sinkUrl = '', fence = 'on'] = process.argv.slice(2);
const ada = { id: 11, login: 'ada', type: 'User' } as const;

/** GitHub as it would answer: everybody may write, every issue is open and labelled once. */
const reader: Pick<ForgeReader, 'repository' | 'issue' | 'roleOf' | 'labelEvents'> = {
  repository: async () => ({
    id: 42,
    archived: false,
    private: false,
    defaultBranch: 'main',
    cloneUrl: 'http://127.0.0.1/octo/soak.git',
    htmlUrl: 'http://127.0.0.1/octo/soak',
    sizeKib: 4,
    hasIssues: true,
  }),
  issue: async (_at, number) => ({
    number,
    state: 'open',
    title: 'Soak',
    htmlUrl: '',
    labels: ['agent'],
    isPullRequest: false,
    body: '',
    locked: false,
    author: ada,
    updatedAt: new Date(0),
  }),
  roleOf: async () => 'write',
  labelEvents: async (_at, number) => [{ id: number * 10, actor: ada, at: new Date(0), appId: null }],
};

/** The database may be restarting at this moment. */
async function openPatiently(): ReturnType<typeof openStore> {
  for (;;) {
    try {
      return await openStore({ url, worker: `soak-${process.pid}`, log, leaseMs: 3_000, writeIntervalMs: 1 });
    } catch {
      await systemClock.sleep(100);
    }
  }
}

const store = await openPatiently();
const processor = createDeliveryProcessor({
  reader: reader as ForgeReader,
  discussion: { remarks: async () => [], review: async () => [], reviewText: async () => undefined },
  explanations: { explain: async () => plainLine('explained') },
  configs: { show: async () => plainLine('shown') },
  controls: { get: async () => undefined, take: async () => undefined, show: async () => undefined },
  runs: store.runs,
  pulls: store.pulls,
  inbox: store.inbox,
  journal: store.journal,
  spend: store.spend,
  budgets: operatorBudgets,
  replies: { react: async () => undefined, reply: async () => true },
  log,
  bot: { userId: 77, login: 'soak[bot]', appId: 1 },
  trustedAppIds: [],
  newRunId: () => newRunId(),
  labelName: 'agent',
  clock: systemClock,
  repositoriesOf: async () => [],
  followsBase: async () => false,
  onUninstalled: async () => undefined,
});
startDeliveryLoop({ deliveries: store.deliveries, process: (delivery) => processor.process(delivery), log });
startSoakWorker({ store, sinkUrl, fenced: fence === 'on' });
await startIntake({
  host: '127.0.0.1',
  port: Number(port),
  webhookSecrets: [secret],
  appId: 1,
  deliveries: store.deliveries,
  ready: async () => true,
  log,
});
process.stdout.write('ready\n');
process.once('disconnect', () => process.exit(0));
