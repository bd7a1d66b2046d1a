// The sender of the webhook benchmark, in a process of its own so that its work is not counted as the server's.
import { createHmac, randomUUID } from 'node:crypto';
import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { benchSecret } from './bench-secret.ts';

/** As many requests as the connections carry, or so many a second whatever the answers do (an open loop). */
export type Load =
  | { readonly kind: 'closed'; readonly url: string; readonly count: number; readonly connections: number }
  | { readonly kind: 'open'; readonly url: string; readonly perSecond: number; readonly seconds: number };

export interface Measured {
  /** Closed loop: from sending to the end of the answer. Open loop: from the moment at which it was due. */
  readonly latenciesMs: readonly number[];
  readonly perSecond: number;
}

interface Prepared {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

process.on('message', (load: Load) => {
  send(load).then(
    (measured) => process.send?.(measured),
    (error: unknown) => process.send?.({ problem: String(error) }),
  );
});

async function send(load: Load): Promise<Measured> {
  const open = load.kind === 'open';
  const agent = new Agent({ keepAlive: true, scheduling: 'fifo', maxSockets: open ? 64 : load.connections });
  // Signed before the clock starts: GitHub pays for that, not the server.
  const count = open ? load.perSecond * load.seconds : load.count;
  const requests = Array.from({ length: count }, prepare);
  const post = (prepared: Prepared) => deliver(load.url, agent, prepared);
  const startedMs = performance.now();
  try {
    const latenciesMs = open
      ? await inOpenLoop(requests, load.perSecond, post)
      : await inLanes(requests, load.connections, post);
    return { latenciesMs, perSecond: (count / (performance.now() - startedMs)) * 1_000 };
  } finally {
    agent.destroy();
  }
}

type Post = (prepared: Prepared) => Promise<void>;

async function inLanes(requests: Prepared[], lanes: number, post: Post): Promise<readonly number[]> {
  const latenciesMs: number[] = [];
  const lane = async (): Promise<void> => {
    for (let next = requests.pop(); next; next = requests.pop()) {
      const sentMs = performance.now();
      await post(next);
      latenciesMs.push(performance.now() - sentMs);
    }
  };
  const count = requests.length;
  await Promise.all(Array.from({ length: lanes }, lane));
  if (latenciesMs.length !== count) throw new Error('not every request was answered');
  return latenciesMs;
}

/** Latency counts from when a request was due: a stalled server must not slow its own clock down. */
async function inOpenLoop(requests: Prepared[], perSecond: number, post: Post): Promise<readonly number[]> {
  const startedMs = performance.now();
  return await Promise.all(
    requests.map(async (prepared, index) => {
      const dueMs = startedMs + (index * 1_000) / perSecond;
      await sleep(Math.max(0, dueMs - performance.now()));
      await post(prepared);
      return performance.now() - dueMs;
    }),
  );
}

function prepare(_: unknown, number: number): Prepared {
  const html = 'https://github.example/octo/bench';
  const body = Buffer.from(
    JSON.stringify({
      action: 'labeled',
      issue: { id: number, number, title: 'Bench', body: 'x'.repeat(8_000), state: 'open', html_url: html },
      label: { id: 1, name: 'agent', color: 'ededed' },
      repository: { id: 42, name: 'bench', full_name: 'octo/bench', private: false, html_url: html },
      installation: { id: 5 },
      sender: { id: 11, login: 'ada', type: 'User' },
    }),
  );
  const headers = {
    'content-type': 'application/json',
    'content-length': String(body.length),
    'x-github-event': 'issues',
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': `sha256=${createHmac('sha256', benchSecret).update(body).digest('hex')}`,
  };
  return { body, headers };
}

async function deliver(url: string, agent: Agent, { body, headers }: Prepared): Promise<void> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { method: 'POST', agent, headers }, resolve).once('error', reject).end(body);
  });
  answer.resume();
  await new Promise((resolve) => answer.once('end', resolve));
  if (answer.statusCode !== 202) throw new Error(`answered ${answer.statusCode}`);
}
