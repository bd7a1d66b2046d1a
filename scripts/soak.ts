// Signed deliveries, many of them twice and out of order, at ingresses that are killed, over a database that is
// restarted: npm run soak -- --deliveries 10000 [--per-second 350] [--tick-ms 5000] [--label-every 50] [--weaken trigger-key|fence]
// Weakened, it must fail: that is its negative control.
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Webhooks } from '@octokit/webhooks';
import { Client } from 'pg';
import { ensurePostgres } from '../src/store/ensure-postgres.ts';
import { migrate } from '../src/store/migrate.ts';
import { silentLog as log } from '../test/support/silent-log.ts';
import { startEffectSink } from './soak/effect-sink.ts';
import { judgeSoak } from './soak/judge-soak.ts';
import { type DeliveryPlan, type PlannedDelivery, planDeliveries } from './soak/plan-deliveries.ts';
import { recoverLost } from './soak/recover-lost.ts';
import { type FaultCounts, type Ingress, injectFaults, startIngress } from './soak/soak-faults.ts';

const { values } = parseArgs({
  options: {
    deliveries: { type: 'string', default: '10000' },
    'per-second': { type: 'string', default: '350' },
    'tick-ms': { type: 'string', default: '5000' },
    'label-every': { type: 'string', default: '50' },
    weaken: { type: 'string', default: 'nothing' },
  },
});
if (!['nothing', 'trigger-key', 'fence'].includes(values.weaken)) throw new Error('weaken what?');
const secret = randomBytes(32).toString('hex');
const webhooks = new Webhooks({ secret });
const forger = new Webhooks({ secret: randomBytes(32).toString('hex') });

/** What the sender, in GitHub's place, got back. */
interface Sent {
  readonly acknowledged: Set<string>;
  /** Acknowledged again. */
  repeated: number;
  refusedForged: number;
  acceptedForged: number;
  failed: number;
}

async function post(url: string, delivery: PlannedDelivery, sent: Sent): Promise<void> {
  const body = delivery.body();
  const signature = await (delivery.forged ? forger : webhooks).sign(body);
  const status = await fetch(url, {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(10_000),
    headers: {
      'content-type': 'application/json',
      'x-github-event': delivery.event,
      'x-github-delivery': delivery.guid,
      'x-hub-signature-256': signature,
    },
  }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status;
    },
    () => 0,
  );
  if (delivery.forged && status === 401) sent.refusedForged += 1;
  else if (delivery.forged && status === 202) sent.acceptedForged += 1;
  else if (status === 202 && sent.acknowledged.has(delivery.guid)) sent.repeated += 1;
  else if (status === 202) sent.acknowledged.add(delivery.guid);
  else sent.failed += 1;
}

/** At most 64 under way, each sent once: GitHub does not repeat by itself. */
async function sendAll(plan: DeliveryPlan, ingresses: readonly Ingress[], sent: Sent): Promise<void> {
  const perSecond = Number(values['per-second']);
  const startedMs = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < plan.deliveries.length; index = next++) {
      const early = (index / perSecond) * 1_000 - (performance.now() - startedMs);
      if (early > 0) await sleep(early);
      const open = ingresses.filter(({ isPaused }) => !isPaused);
      const [delivery, ingress] = [plan.deliveries[index], open[index % open.length]];
      if (delivery && ingress) await post(ingress.url, delivery, sent);
    }
  };
  await Promise.all(Array.from({ length: 64 }, lane));
}

function say(line: string): void {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}

/** A line every 10 s, so that a soak of an hour is seen to live. */
function reportProgress(plan: DeliveryPlan, sent: Sent, counts: FaultCounts): () => void {
  const startedMs = performance.now();
  const timer = setInterval(() => {
    const done = sent.acknowledged.size + sent.repeated + sent.failed + sent.refusedForged;
    const perSecond = (done / ((performance.now() - startedMs) / 1_000)).toFixed(0);
    const memory = Math.round(process.memoryUsage().rss / 1_048_576);
    const faults = `${counts.ingressKilled} kills, ${counts.ingressPaused} pauses (${counts.takenOver} taken over), ${counts.postgresFast + counts.postgresImmediate} restarts`;
    say(
      `${done} of ${plan.deliveries.length}, ${perSecond}/s, ${sent.failed} failed; ${faults}; ${memory} MB`,
    );
  }, 10_000);
  return () => clearInterval(timer);
}

const sabotage =
  'alter table pullwright.run drop constraint run_trigger_key_key; drop index pullwright.run_active';

async function prepare(url: string): Promise<void> {
  await migrate(url);
  if (values.weaken !== 'trigger-key') return;
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(sabotage);
  await client.end();
}

async function soak(stateDir: string): Promise<boolean> {
  const plan = planDeliveries(Number(values.deliveries), Number(values['label-every']));
  const server = await ensurePostgres({ stateDir, log });
  await prepare(server.url);
  const sink = await startEffectSink();
  const fenced = values.weaken !== 'fence';
  const start = () => startIngress({ databaseUrl: server.url, secret, sinkUrl: sink.url, fenced });
  // One that is paused, and two that are killed by turns.
  const ingresses = await Promise.all([start(), start(), start()]);
  const stop = new AbortController();
  const counts = { ingressKilled: 0, ingressPaused: 0, takenOver: 0, postgresFast: 0, postgresImmediate: 0 };
  const sent: Sent = { acknowledged: new Set(), repeated: 0, refusedForged: 0, acceptedForged: 0, failed: 0 };
  const endProgress = reportProgress(plan, sent, counts);
  try {
    const startedMs = performance.now();
    const faults = injectFaults(stop.signal, {
      ingresses,
      stateDir,
      counts,
      tickMs: Number(values['tick-ms']),
    });
    await sendAll(plan, ingresses, sent);
    const seconds = (performance.now() - startedMs) / 1_000;
    stop.abort();
    await faults;
    const lost = plan.deliveries.filter(({ guid, forged }) => !forged && !sent.acknowledged.has(guid));
    const recovered = await recoverLost(server.url, lost);
    return await judgeSoak(server.url, { plan, sent, faults: counts, recovered, seconds, sink, say });
  } finally {
    endProgress();
    stop.abort();
    await Promise.all(ingresses.map((ingress) => ingress.stop()));
    await sink.close();
    await (await ensurePostgres({ stateDir, log })).stop();
  }
}

const stateDir = await mkdtemp(join(tmpdir(), 'pullwright-soak-'));
// The database server's own uid must be able to walk to its data.
await chmod(stateDir, 0o755);
try {
  process.exitCode = (await soak(stateDir)) ? 0 : 1;
} finally {
  await rm(stateDir, { recursive: true, force: true });
}
