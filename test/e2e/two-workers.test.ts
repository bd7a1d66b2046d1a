import { Client } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { type BotProcess, startBotProcess } from '../support/bot-process.ts';
import { type HubStage, openHubStage } from '../support/hub-stage.ts';
import { javascriptBug, soundRepository } from '../support/sample-repositories.ts';

const limitMs = 120_000;

describe('two bot processes', () => {
  let stage: HubStage | undefined;
  let client: Client | undefined;
  const bots: BotProcess[] = [];
  afterEach(async () => {
    for (const bot of bots.splice(0)) {
      bot.child.kill('SIGKILL');
      await bot.exited;
    }
    await client?.end();
    await stage?.close();
    client = undefined;
    stage = undefined;
  });

  async function open(
    files: Readonly<Record<string, string>>,
    env: Readonly<Record<string, string>>,
    count = 2,
  ): Promise<HubStage> {
    const opened = await openHubStage({ files, record: 'two-workers', env });
    stage = opened;
    client = new Client({ connectionString: opened.env['DATABASE_URL'] });
    client.on('error', () => undefined);
    await client.connect();
    // As on two machines: they share the database and nothing else.
    const homes = Array.from({ length: count }, (_, nth) => `${opened.stateDir}-${nth}`);
    bots.push(
      ...(await Promise.all(homes.map((home) => startBotProcess({ ...opened.env, PULLWRIGHT_HOME: home })))),
    );
    opened.deliverTo(bots[0]?.url ?? '');
    opened.install();
    return opened;
  }

  /** Process ids of the bots that have claimed runs, in order. */
  async function claimedBy(): Promise<readonly number[]> {
    const { rows } = await (client as Client).query<{ worker: string }>(
      "select event::json ->> 'worker' as worker from pullwright.run_event where event::json ->> 'kind' = 'run.claimed' order by at",
    );
    return rows.map(({ worker }) => Number(worker.split(':').at(-1)));
  }

  it(
    'keep the distance between writes, and are silent for as long as GitHub asks',
    async () => {
      const writeGapMs = 250;
      const env = { WRITE_INTERVAL_MS: String(writeGapMs), AGENT_CONCURRENCY: '1' };
      const world = await open(soundRepository, env);
      const { hub } = world;
      hub.admin.limits.enforce({ writeGapMs, createsPerMinute: 40, requestsPerHour: 5_000 });
      const issues = await Promise.all([1, 2, 3].map((n) => world.fileIssue(`Issue ${n}`, 'Nothing fails.')));
      for (const issue of issues) await world.label(issue);
      await hub.admin.waitFor(() => (hub.admin.limits.writes.length > 2 ? true : undefined), 30_000);
      hub.admin.limits.refuseNext({ status: 403, retryAfterSeconds: 2 });
      for (const issue of issues) await world.waitForComment(issue, /refused/);
      expect(hub.admin.limits.violations).toEqual([]);
      expect(hub.admin.limits.writes.length).toBeGreaterThanOrEqual(6);
      expect(new Set(await claimedBy()).size).toBe(2);
    },
    limitMs,
  );

  it(
    'leave one result when the first is stopped for longer than its lease and then goes on',
    async () => {
      const env = { LEASE_MS: '3000', HEARTBEAT_MS: '200', WRITE_INTERVAL_MS: '0' };
      const world = await open(javascriptBug, env);
      const { hub } = world;
      const issue = await world.fileIssue('The last number is missing', 'sumRange(1, 4) gives 6.');
      await world.label(issue);
      await world.waitForComment(issue, /Working/);
      const [firstPid] = await claimedBy();
      const first = bots.find(({ pid }) => pid === firstPid);
      if (!first) throw new Error('nobody has claimed the run');
      first.signal('SIGSTOP');
      await world.waitForComment(issue, /## Done/);
      expect((await claimedBy()).at(-1)).not.toBe(firstPid);
      await expect.poll(runState, { timeout: 20_000 }).toEqual({ state: 'published', worker_id: null });
      // What it may still do is to give back the tokens that it held.
      const seen = () => hub.admin.limits.writes.filter(({ path }) => !path.endsWith('/installation/token'));
      const writes = seen().length;
      first.signal('SIGCONT');
      // Its drain ends when every run that it believed to own has been let go.
      first.signal('SIGTERM');
      expect(await first.exited).toBe(0);
      expect(seen()).toHaveLength(writes);
      expect(world.botComments(issue)).toHaveLength(1);
      const { data: pulls } = await world.as('mira').rest.pulls.list({
        owner: 'mira',
        repo: 'thing',
        state: 'all',
      });
      expect(pulls).toHaveLength(1);
    },
    limitMs,
  );

  it(
    'give their runs back within seconds of SIGTERM, without a crash counted',
    async () => {
      const world = await open(javascriptBug, { WRITE_INTERVAL_MS: '0' }, 1);
      const issue = await world.fileIssue('The last number is missing', 'sumRange(1, 4) gives 6.');
      await world.label(issue);
      await world.waitForComment(issue, /Working/);
      const startedMs = performance.now();
      bots[0]?.signal('SIGTERM');
      expect(await bots[0]?.exited).toBe(0);
      expect(performance.now() - startedMs).toBeLessThan(15_000);
      const { rows } = await (client as Client).query('select state, crashes, worker_id from pullwright.run');
      expect(rows).toEqual([{ state: 'queued', crashes: 0, worker_id: null }]);
    },
    limitMs,
  );

  async function runState(): Promise<unknown> {
    const { rows } = await (client as Client).query('select state, worker_id from pullwright.run');
    return rows[0];
  }
});
