import { afterEach, describe, expect, it } from 'vitest';
import { deletingTest, openSteeringWorld, parked, type SteeringWorld } from '../support/steering-world.ts';

const runMs = 120_000;
const at = { owner: 'mira', repo: 'thing' };

describe('a change that a gate holds', () => {
  let opened: SteeringWorld | undefined;
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  async function pullOf({ world }: SteeringWorld) {
    const { data } = await world.as('mira').rest.pulls.list({ ...at, state: 'all' });
    expect(data).toHaveLength(1);
    const [pull] = data;
    if (!pull) throw new Error('no pull request');
    return pull;
  }

  async function testsCheck({ world }: SteeringWorld, ref: string) {
    const { data } = await world.as('mira').rest.checks.listForRef({ ...at, ref });
    const checks = data.check_runs.filter(({ name }) => name === 'agent / tests');
    expect(checks).toHaveLength(1);
    return checks[0];
  }

  /** Parked beside its draft; the hash is what the pull request asks for. */
  async function waiting(world: SteeringWorld) {
    await world.world.waitForComment(world.issue, /Waiting for the approval of what is held/);
    await parked(world.world);
    const pull = await pullOf(world);
    expect(pull.draft).toBe(true);
    return { pull, hash: /\/agent approve ([0-9a-f]{12})/.exec(pull.body ?? '')?.[1] ?? '' };
  }

  it(
    'waits as a draft and is ready once somebody with write approved exactly it',
    async () => {
      opened = await openSteeringWorld('held-approved', deletingTest);
      const { world, issue } = opened;
      const { pull, hash } = await waiting(opened);
      expect(hash).toMatch(/^[0-9a-f]{12}$/);
      expect((await testsCheck(opened, pull.head.sha))?.conclusion).toBe('action_required');

      await world.comment(issue, `/agent approve ${hash}`, 'otto');
      await world.comment(pull.number, `/agent approve ${hash}`, 'tri');
      await world.waitForComment(pull.number, /needs the role `write`/);
      await world.comment(issue, '/agent approve 0123456789ab', 'wim');
      await world.waitForComment(issue, /`0123456789ab` is not what waits here/);
      await world.settled();
      expect((await pullOf(opened)).draft).toBe(true);
      expect((await world.bot.composition.store.runs.list({ limit: 1 }))[0]?.state).toBe('parked');

      await world.comment(pull.number, `/agent approve ${hash}`, 'wim');
      expect(await world.ended()).toEqual({
        state: 'published',
        summary: `#${pull.number} is open: wim released what was held`,
      });
      const ready = await pullOf(opened);
      expect(ready.draft).toBe(false);
      expect(ready.body).toMatch(/## Approvals\n\n.*wim.*`write`.*released what the gates held/);
      expect(ready.body).not.toContain('/agent approve');
      const check = await testsCheck(opened, pull.head.sha);
      expect(check?.conclusion).toBe('success');
      expect(check?.output.summary).toContain(`**Released** by wim`);
    },
    runMs,
  );

  it(
    'stays a draft when somebody else changed the branch before it was approved, or has lost the role',
    async () => {
      opened = await openSteeringWorld('held-moved', deletingTest);
      const { world, issue } = opened;
      const { pull, hash } = await waiting(opened);
      const approved = world.waitForEvent((event) => event.kind === 'wait.ended');
      await world.comment(issue, `/agent approve ${hash}`, 'wim');
      await approved;
      // In the same process, and before the bot's next question to GitHub.
      world.hub.admin.setRole('mira/thing', 'wim', 'read');
      const waits = () => world.events.filter((event) => event.kind === 'wait.begun').length;
      await expect.poll(waits, { timeout: 30_000 }).toBe(2);
      await parked(world);
      expect((await pullOf(opened)).draft).toBe(true);

      const { rest } = world.as('mira');
      await rest.repos.createOrUpdateFileContents({
        ...at,
        branch: pull.head.ref,
        path: 'unseen.js',
        message: 'One more',
        content: Buffer.from('export const unseen = 1;\n').toString('base64'),
      });
      await world.comment(issue, `/agent approve ${hash}`, 'mira');
      const end = await world.ended();
      expect(end.state).toBe('published');
      expect(end.summary).toContain('The branch was changed after it was judged');
      const left = await pullOf(opened);
      expect(left.draft).toBe(true);
      expect(left.body).not.toContain('/agent approve');
      expect((await testsCheck(opened, pull.head.sha))?.conclusion).toBe('action_required');
    },
    runMs,
  );

  it(
    'stays a draft that asks for nothing when the run is stopped',
    async () => {
      opened = await openSteeringWorld('held-stopped', deletingTest);
      const { world, issue } = opened;
      const { hash } = await waiting(opened);
      await world.comment(issue, '/agent stop', 'wim');
      expect(await world.ended()).toMatchObject({ state: 'cancelled' });
      const within = { timeout: 30_000 };
      await expect
        .poll(async () => (await pullOf(opened as SteeringWorld)).body, within)
        .not.toContain('/agent approve');
      await world.comment(issue, `/agent approve ${hash}`, 'wim');
      await world.waitForComment(issue, /Nothing is running here/);
      expect((await pullOf(opened)).draft).toBe(true);
    },
    runMs,
  );
});
