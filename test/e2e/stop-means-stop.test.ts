import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type BotWorld, openBotWorld } from '../support/bot-world.ts';
import { javascriptBug, soundRepository } from '../support/sample-repositories.ts';
import {
  branches,
  finish,
  openSteeringWorld,
  parked,
  planned,
  type SteeringWorld,
} from '../support/steering-world.ts';

const runMs = 120_000;
const endMs = 30_000;
const at = { owner: 'mira', repo: 'thing' };

const endings: Readonly<Record<string, (world: BotWorld, issue: number) => Promise<unknown>>> = {
  '/agent stop': (world, issue) => world.comment(issue, '/agent stop', 'tri'),
  'the label taken off': (world, issue) =>
    world.as('mira').rest.issues.removeLabel({ ...at, issue_number: issue, name: 'agent' }),
  closing: (world, issue) =>
    world.as('mira').rest.issues.update({ ...at, issue_number: issue, state: 'closed' }),
  locking: (world, issue) => world.as('mira').rest.issues.lock({ ...at, issue_number: issue }),
  transferring: async ({ hub }, issue) => hub.admin.removeIssue('mira/thing', issue, 'transferred'),
  deleting: async ({ hub }, issue) => hub.admin.removeIssue('mira/thing', issue, 'deleted'),
};
const gone = new Set(['transferring', 'deleting']);

/** What was sent to GitHub after the run had ended, besides the last word. */
async function expectEnded(world: BotWorld, issue: number, how: string, since: number): Promise<void> {
  expect(performance.now() - since).toBeLessThan(endMs);
  if (!gone.has(how)) await world.waitForComment(issue, /^## Stopped/m);
  await expect
    .poll(async () => (await world.bot.composition.store.runs.list({ limit: 1 }))[0]?.state, {
      timeout: 60_000,
    })
    .toBe('cancelled');
  await world.settled();
  const sent = world.events.flatMap((event) => (event.kind === 'effect.sent' ? [event] : []));
  const end = world.events.findIndex(({ kind }) => kind === 'run.ended');
  const after = world.events
    .slice(end)
    .flatMap((event) => (event.kind === 'effect.sent' ? [event.effect] : []));
  expect(after.filter((effect) => effect !== 'tracking.update' && effect !== 'journal.push')).toEqual([]);
  expect(sent.some(({ effect }) => effect === 'pull.open' || effect === 'branch.push')).toBe(false);
  expect(branches(world)).toEqual(['refs/heads/main']);
  const left = await readdir(join(world.stateDir, 'runs')).catch(() => []);
  expect(left).toEqual([]);
}

describe('a run that works', () => {
  let world: BotWorld | undefined;
  afterEach(async () => {
    await world?.close();
    world = undefined;
  });

  it.each(Object.keys(endings))(
    'ends by %s within 30 s, with its sandbox gone',
    async (how) => {
      const slow = { ...javascriptBug, '.github/agent.yml': 'commands:\n  test: sleep 600\n' };
      world = await openBotWorld({ files: slow, record: null });
      const issue = await world.fileIssue('A bug', 'Text.');
      await world.label(issue);
      await world.waitForEvent((event) => event.kind === 'commands.detected');
      const since = performance.now();
      await endings[how]?.(world, issue);
      expect(await world.ended()).toMatchObject({ state: 'cancelled' });
      await expectEnded(world, issue, how, since);
    },
    runMs,
  );

  it(
    'ends although GitHub takes no comment at that time',
    async () => {
      const slow = { ...javascriptBug, '.github/agent.yml': 'commands:\n  test: sleep 600\n' };
      world = await openBotWorld({ files: slow, record: null });
      const { hub } = world;
      const issue = await world.fileIssue('A bug', 'Text.');
      await world.label(issue);
      await world.waitForEvent((event) => event.kind === 'commands.detected');
      const failure = { status: 502 } as const;
      hub.admin.faults.plant({ path: /\/issues\/(\d+\/)?comments/, times: 1e6, failure, when: 'before' });
      await endings['the label taken off']?.(world, issue);
      expect(await world.ended()).toMatchObject({ state: 'cancelled' });
      await expect
        .poll(async () => (await world?.bot.composition.store.runs.list({ limit: 1 }))?.[0]?.state, {
          timeout: endMs,
        })
        .toBe('cancelled');
    },
    runMs,
  );

  it(
    'does not end because somebody without the right says stop',
    async () => {
      const slow = { ...javascriptBug, '.github/agent.yml': 'commands:\n  test: sleep 600\n' };
      world = await openBotWorld({ files: slow, record: null });
      const issue = await world.fileIssue('A bug', 'Text.');
      await world.label(issue);
      await world.waitForEvent((event) => event.kind === 'commands.detected');
      await world.comment(issue, '/agent stop', 'otto');
      await world.waitForComment(issue, /needs the role `triage`/);
      expect((await world.bot.composition.store.runs.list({ limit: 1 }))[0]?.state).toBe('running');
      await world.comment(issue, '/agent stop', 'tri');
      expect(await world.ended()).toMatchObject({ state: 'cancelled' });
    },
    runMs,
  );
});

describe('a run that waits for a person', () => {
  let opened: SteeringWorld | undefined;
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  it.each(Object.keys(endings))(
    'ends by %s within 30 s, and an approval afterwards does nothing',
    async (how) => {
      opened = await openSteeringWorld('stopped-parked', ({ turn }) => planned[turn] ?? finish, {
        files: { ...soundRepository, '.github/agent.yml': 'plan: always\n' },
        record: null,
      });
      const { world, issue } = opened;
      await world.waitForComment(issue, /Waiting for the approval of the plan/);
      await parked(world);
      const since = performance.now();
      await endings[how]?.(world, issue);
      expect(await world.ended()).toMatchObject({ state: 'cancelled' });
      await expectEnded(world, issue, how, since);
      if (gone.has(how)) return;
      await world.comment(issue, '/agent approve', 'mira');
      await world.waitForComment(issue, /Nothing is running here/);
      expect(await world.bot.composition.store.runs.list({ limit: 5 })).toHaveLength(1);
    },
    runMs,
  );
});
