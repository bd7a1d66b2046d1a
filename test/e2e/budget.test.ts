import { Client } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import type { Script, ScriptedAnswer } from '../support/scripted-model.ts';
import {
  finish,
  openSteeringWorld,
  parked,
  planned,
  type SteeringWorld,
  write,
} from '../support/steering-world.ts';

const runMs = 120_000;
const at = { owner: 'mira', repo: 'thing' };
/** A turn of this model is reserved with about $0.17, for the longest answer. */
const priced = { AGENT_MODELS: 'anthropic:claude-sonnet-5-5' };
const half = { outputTokens: 50_000 };
const code: ScriptedAnswer = {
  toolCalls: [write('src/extra.js', 'export const extra = () => 1;\n')],
  usage: half,
};
const tested: ScriptedAnswer = {
  toolCalls: [
    write(
      'test/extra.test.js',
      "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { extra } from '../src/extra.js';\n\ntest('extra is one', () => assert.equal(extra(), 1));\n",
    ),
  ],
};

/** Writes code for half a dollar, then its test, then is done. */
const script: Script = ({ turn }) => {
  if (turn < planned.length) return planned[turn] ?? finish;
  return [code, tested][turn - planned.length] ?? finish;
};

describe('a run whose budget is used up', () => {
  let opened: SteeringWorld | undefined;
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  async function pulls({ world }: SteeringWorld) {
    const { data } = await world.as('mira').rest.pulls.list({ ...at, state: 'all' });
    return data;
  }

  async function onlyPull(world: SteeringWorld) {
    const [pull, ...others] = await pulls(world);
    expect(others).toEqual([]);
    if (!pull) throw new Error('no pull request');
    return pull;
  }

  it(
    'shows what there is as a draft, waits, and with another budget goes on where it stopped until it is ready',
    async () => {
      opened = await openSteeringWorld('budget-run', script, {
        env: { ...priced, AGENT_BUDGET_USD: '0.6', AGENT_BUDGET_MAX_USD: '3' },
      });
      const { world, issue, model } = opened;
      const waiting = await world.waitForComment(issue, /^## Waiting for a budget/m);
      expect(waiting).toContain('The budget of this run is used up: $0.50');
      expect(waiting).toMatch(/of \$0\.60 are spent/);
      expect(waiting).toMatch(/role `maintain`.*`\/agent budget <usd>`.*at most \$3\.00/);
      await parked(world);
      const draft = await onlyPull(opened);
      expect(draft.draft).toBe(true);
      expect(draft.body).toContain('**Not finished, waiting for a budget:**');
      const requests = model.requests.length;

      await world.comment(issue, '/agent budget 2', 'otto');
      await world.comment(issue, '/agent budget 2', 'wim');
      await world.waitForComment(issue, /needs the role `maintain`.*yours is `write`/);
      await world.comment(issue, '/agent budget $2', 'max');
      await world.waitForComment(issue, /`\$2`: write the number alone/);
      await world.comment(issue, '/agent budget 3.01', 'max');
      await world.waitForComment(issue, /\$3\.01 is more than the operator lets anybody give one run/);
      await world.comment(issue, '/agent budget 0.61', 'max');
      await world.waitForComment(issue, /with \$0\.61 the run could not pay its next turn/);
      await world.comment(issue, '/agent status', 'rea');
      await world.waitForComment(issue, /spent \$0\.50 of \$0\.60 .* it waits for the budget of this run/);
      await world.settled();
      expect((await world.bot.composition.store.runs.list({ limit: 1 }))[0]?.state).toBe('parked');

      await world.comment(draft.number, '/agent budget 2', 'max');
      await world.waitForComment(draft.number, /may now spend \$2\.00 in all\. It goes on/);
      expect(await world.ended()).toEqual({
        state: 'published',
        summary: `#${draft.number} is open and green`,
      });
      const pull = await onlyPull(opened);
      expect(pull.draft).toBe(false);
      expect(pull.body).not.toContain('waiting for a budget');
      expect(pull.head.ref).toBe(draft.head.ref);
      const { data: commits } = await world
        .as('mira')
        .rest.pulls.listCommits({ ...at, pull_number: pull.number });
      expect(commits).toHaveLength(2);
      expect(commits[0]?.sha).toBe(draft.head.sha);
      expect(commits[1]?.parents.map(({ sha }) => sha)).toEqual([draft.head.sha]);
      // Nothing was asked again: the two turns that were left.
      expect(model.requests.length).toBe(requests + 2);
      expect(await world.waitForComment(issue, /^## Done/m)).toMatch(
        /max, \[comment\]\([^)]+\): gave this run a budget of \$2\.00/,
      );
      expect(world.events.find(({ kind }) => kind === 'budget.set')).toMatchObject({
        limitUsd: 2,
        by: { login: 'max', role: 'maintain' },
      });
      await soundJournal(world);
    },
    runMs,
  );

  it(
    'says so before there is a plan, and makes the plan once somebody gave it more',
    async () => {
      opened = await openSteeringWorld('budget-plan', script, {
        env: { ...priced, AGENT_BUDGET_USD: '0.1' },
      });
      const { world, issue, model } = opened;
      const waiting = await world.waitForComment(issue, /^## Waiting for a budget/m);
      expect(waiting).toContain('$0.00 of $0.10 are spent');
      expect(waiting).toContain('Nothing was changed since.');
      await parked(world);
      expect(model.requests).toHaveLength(0);
      expect(await pulls(opened)).toEqual([]);
      await world.comment(issue, '/agent budget 3', 'max');
      expect(await world.ended()).toMatchObject({ state: 'published' });
      expect((await onlyPull(opened)).draft).toBe(false);
    },
    runMs,
  );

  it(
    'is lowered while it works, from the next turn on, and stopped: the draft then asks for nothing',
    async () => {
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      const slow: Script = async (request) => {
        if (request.turn === planned.length) {
          reached.resolve();
          await released.promise;
        }
        return typeof script === 'function' ? await script(request) : finish;
      };
      opened = await openSteeringWorld('budget-lowered', slow, { env: priced });
      const { world, issue } = opened;
      await reached.promise;
      await world.comment(issue, '/agent budget 0.1', 'max');
      await world.waitForComment(issue, /is spent or set aside already, and \$0\.10 is less/);
      await world.comment(issue, '/agent budget 0.55', 'max');
      await world.waitForComment(issue, /may now spend \$0\.55 in all\.$/m);
      released.resolve();
      const waiting = await world.waitForComment(issue, /^## Waiting for a budget/m);
      expect(waiting).toContain('$0.50 of $0.55 are spent');
      await parked(world);
      await world.comment(issue, '/agent stop', 'tri');
      expect(await world.ended()).toMatchObject({ state: 'cancelled' });
      await world.waitForComment(issue, /^## Stopped/m);
      const pull = await onlyPull(opened);
      expect(pull.draft).toBe(true);
      expect(pull.body).toContain('**Stopped early:** The budget was used up');
      expect(pull.body).not.toContain('waiting for a budget');
    },
    runMs,
  );

  it(
    'leaves a branch alone that somebody went on with while it waited',
    async () => {
      opened = await openSteeringWorld('budget-moved', script, {
        env: { ...priced, AGENT_BUDGET_USD: '0.6' },
      });
      const { world, issue } = opened;
      await world.waitForComment(issue, /^## Waiting for a budget/m);
      await parked(world);
      const draft = await onlyPull(opened);
      await world.as('mira').rest.repos.createOrUpdateFileContents({
        ...at,
        branch: draft.head.ref,
        path: 'docs/mine.md',
        message: 'Mine',
        content: Buffer.from('Mine.\n').toString('base64'),
      });
      const { head } = await onlyPull(opened);
      await world.comment(issue, '/agent budget 3', 'max');
      const end = await world.ended();
      expect(end.state).toBe('refused');
      expect(end.summary).toContain('someone else changed it');
      expect((await onlyPull(opened)).head.sha).toBe(head.sha);
    },
    runMs,
  );
});

describe('what a person may have spent in a day', () => {
  let opened: SteeringWorld | undefined;
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  it(
    'is not passed by two runs at once; both wait, say so, and go on by themselves when the day is over',
    async () => {
      const together = Promise.withResolvers<void>();
      let arrived = 0;
      const both: Script = async ({ turn }) => {
        if (turn === planned.length) {
          arrived += 1;
          if (arrived === 2) together.resolve();
          await together.promise;
        }
        if (turn < planned.length) return planned[turn] ?? finish;
        return [{ ...code, usage: { outputTokens: 15_000 } }, tested][turn - planned.length] ?? finish;
      };
      opened = await openSteeringWorld('budget-day', both, {
        env: { ...priced, AGENT_BUDGET_USER_DAY_USD: '0.4' },
      });
      const { world, issue } = opened;
      const second = await world.fileIssue('Do another thing', 'Please.');
      await world.label(second);
      for (const number of [issue, second]) {
        const waiting = await world.waitForComment(number, /^## Waiting for a budget/m);
        expect(waiting).toContain('The budget of the person who asked, for a day is used up: $0.30 of $0.40');
        expect(waiting).toMatch(/goes on by itself when the day is over, at `\d{4}-\d\d-\d\d 00:00 UTC`/);
      }
      const { runs } = world.bot.composition.store;
      await expect.poll(async () => (await runs.list({ state: 'parked', limit: 5 })).length).toBe(2);
      expect(await spentUsd(world)).toBeLessThanOrEqual(0.4);
      await world.comment(issue, '/agent budget 4', 'max');
      await world.waitForComment(issue, /It waits for the budget of the person who asked, for a day/);
      await world.settled();

      await nextDay(world);
      await world.ended(2);
      const ends = world.events.filter((event) => event.kind === 'run.ended');
      expect(ends.map(({ state }) => state)).toEqual(['published', 'published']);
      const { data } = await world.as('mira').rest.pulls.list({ ...at, state: 'all' });
      expect(data.map(({ draft }) => draft)).toEqual([false, false]);
      const over = world.events.filter((event) => event.kind === 'wait.ended');
      expect(over.map(({ by, outcome }) => [by, outcome])).toEqual([
        [null, 'resumed'],
        [null, 'resumed'],
      ]);
    },
    // Two whole runs, each of them judged twice.
    2 * runMs,
  );
});

async function inDatabase<T>(
  { env }: SteeringWorld['world'],
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString: env['DATABASE_URL'] });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function spentUsd(world: SteeringWorld['world']): Promise<number> {
  const { rows } = await inDatabase(world, (client) =>
    client.query<{ usd: string }>('select sum(usd) as usd from pullwright.spend'),
  );
  return Number(rows[0]?.usd);
}

/** What was spent today was spent yesterday, and what waits for the end of that day is due. */
async function nextDay(world: SteeringWorld['world']): Promise<void> {
  await inDatabase(world, async (client) => {
    await client.query('update pullwright.spend set day = day - 1');
    await client.query("update pullwright.run set ready_at = now() where state = 'parked'");
  });
}

/** What the auditor finds in the database of this bot. */
async function soundJournal({ bot, env }: SteeringWorld['world']): Promise<void> {
  const { runAudit } = await import('../../src/app/audit/run-audit.ts');
  const limits = {
    budgetUsd: Number(env['AGENT_BUDGET_USD']),
    raisedUsd: 3,
    tokensMax: 5_000_000,
    deadlineMs: 86_400_000,
  };
  const { reads } = { reads: bot.composition.store.audit };
  const { violations } = await runAudit({ reads, limits, attempted: null }, null);
  expect(violations).toEqual([]);
}
