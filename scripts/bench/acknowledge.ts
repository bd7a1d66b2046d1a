import { fork } from 'node:child_process';
import { once } from 'node:events';
import { startIntake } from '../../src/intake/start-intake.ts';
import { openStore } from '../../src/store/open-store.ts';
import { silentLog } from '../../test/support/silent-log.ts';
import { startBareIngress } from './bare-ingress.ts';
import { benchSecret } from './bench-secret.ts';
import { percentile, spread } from './percentiles.ts';
import type { Load, Measured } from './webhook-sender.ts';

const rounds = 30;
const perRound = 200;
const connections = 16;
const poolMax = 10;
const offeredPerSecond = 200;
const offeredSeconds = 10;

/** Signed deliveries to the intake, beside bare `node:http` with the same signature check and the same insert. */
export async function benchAcknowledge(databaseUrl: string): Promise<readonly string[]> {
  const store = await openStore({ url: databaseUrl, worker: 'bench', log: silentLog, poolMax });
  const intake = await startIntake({
    host: '127.0.0.1',
    port: 0,
    webhookSecrets: [benchSecret],
    appId: 1,
    deliveries: store.deliveries,
    ready: async () => true,
    log: silentLog,
  });
  const bare = await startBareIngress(databaseUrl, poolMax);
  const sender = openSender();
  try {
    const urls = {
      ours: `${intake.url}/api/github/webhooks`,
      bare: bare.url,
      prepared: `${bare.url}prepared`,
    };
    return [...(await compareThroughput(urls, sender)), ...(await offer(urls, sender))];
  } finally {
    await sender.close();
    await bare.close();
    await intake.close();
    await store.close();
  }
}

interface Sender {
  send(load: Load): Promise<Measured>;
  close(): Promise<void>;
}

type Urls = Readonly<Record<'ours' | 'bare' | 'prepared', string>>;
type Name = keyof Urls;

/** Rounds of all by turns, each first in one of three: what else the machine does hits them alike. */
async function compareThroughput(urls: Urls, sender: Sender): Promise<readonly string[]> {
  const names: readonly Name[] = ['ours', 'bare', 'prepared'];
  const fire = (name: Name) =>
    withCpu(sender.send({ kind: 'closed', url: urls[name], count: perRound, connections }));
  // Warm: connections open, code compiled, pages of both tables in memory.
  for (const name of [...names, ...names, ...names]) await fire(name);
  const measured: Record<Name, Round[]> = { ours: [], bare: [], prepared: [] };
  for (let turn = 0; turn < rounds * names.length; turn++) {
    const name = names[(turn + Math.floor(turn / names.length)) % names.length] ?? 'ours';
    measured[name].push(await fire(name));
  }
  const { ours, bare, prepared } = measured;
  return [
    `${rounds} rounds by turns of ${perRound} deliveries, ${connections} connections, ${poolMax} database connections`,
    `webhook to 202:                      ${show(ours)}`,
    `bare node:http + HMAC + same insert: ${show(bare)}`,
    `  with a prepared statement:         ${show(prepared)}`,
    `ratio of throughput: ${compare(ours, bare)}`,
    `  to the prepared one: ${compare(ours, prepared)}`,
  ];
}

function compare(ours: readonly Round[], other: readonly Round[]): string {
  const ratios = ours.map(({ perSecond }, index) => perSecond / (other[index]?.perSecond ?? Number.NaN));
  const quartiles = [0.25, 0.5, 0.75].map((share) => percentile(ratios, share).toFixed(2));
  return `${(overall(ours) / overall(other)).toFixed(2)} over all rounds; quartiles of the rounds ${quartiles.join(', ')}`;
}

interface Round extends Measured {
  /** Of the serving thread, both directions of the database included. */
  readonly cpuMs: number;
}

async function withCpu(sending: Promise<Measured>): Promise<Round> {
  const before = process.threadCpuUsage();
  const measured = await sending;
  const { user, system } = process.threadCpuUsage(before);
  return { ...measured, cpuMs: (user + system) / 1_000 };
}

function show(all: readonly Round[]): string {
  const cpuMs = all.reduce((sum, round) => sum + round.cpuMs, 0) / (all.length * perRound);
  const latencies = spread(all.flatMap(({ latenciesMs }) => latenciesMs));
  return `${latencies}, ${overall(all).toFixed(0)}/s, ${cpuMs.toFixed(3)} ms of CPU each`;
}

function overall(all: readonly Round[]): number {
  return all.length / all.reduce((sum, { perSecond }) => sum + 1 / perSecond, 0);
}

async function offer(urls: Urls, sender: Sender): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const [name, url] of Object.entries(urls)) {
    const measured = await sender.send({
      kind: 'open',
      url,
      perSecond: offeredPerSecond,
      seconds: offeredSeconds,
    });
    lines.push(
      `${name}, ${offeredPerSecond}/s offered for ${offeredSeconds} s: ${spread(measured.latenciesMs)}`,
    );
  }
  return lines;
}

function openSender(): Sender {
  const child = fork(new URL('webhook-sender.ts', import.meta.url));
  return {
    async send(load) {
      child.send(load);
      const [answer] = (await once(child, 'message')) as [Measured | { readonly problem: string }];
      if ('problem' in answer) throw new Error(answer.problem);
      return answer;
    },
    close: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
