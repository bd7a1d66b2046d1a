import { afterEach, describe, expect, it } from 'vitest';
import type { BotWorld } from '../support/bot-world.ts';
import type { ScriptedAnswer } from '../support/scripted-model.ts';
import {
  closed,
  doing,
  openSteeringWorld,
  type SteeringWorld,
  write,
  writing,
} from '../support/steering-world.ts';

const at = { owner: 'mira', repo: 'thing' };
const isEven = (digit: number): ScriptedAnswer => ({
  toolCalls: [
    write('src/parity.js', `export function isEven(number) {\n  return number % 2 === ${digit};\n}\n`),
  ],
});

async function onlyPull(world: BotWorld) {
  const [pull] = (await world.as('mira').rest.pulls.list({ ...at, state: 'open' })).data;
  if (!pull) throw new Error('there is no pull request');
  return pull;
}

async function testsCheck(world: BotWorld) {
  const { head } = await onlyPull(world);
  const { data } = await world.as('mira').rest.checks.listForRef({ ...at, ref: head.sha });
  return data.check_runs.find(({ name }) => name === 'agent / tests')?.conclusion;
}

describe('a red pull request of ours', () => {
  let opened: SteeringWorld | undefined;
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  it('does not turn green by another run that mends nothing, and does by one that mends it', async () => {
    let work: ScriptedAnswer = isEven(1);
    opened = await openSteeringWorld(
      'laundering',
      doing(() => work),
      {
        files: {
          'package.json': '{ "name": "parity", "type": "module", "scripts": { "test": "node --test" } }\n',
          'src/parity.js': 'export function isEven(number) {\n  return number % 2 === 0;\n}\n',
          'test/parity.test.js':
            "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { isEven } from '../src/parity.js';\n\ntest('two is even', () => assert.equal(isEven(2), true));\n",
        },
      },
    );
    const { world, issue } = opened;
    await closed(world, 1);
    expect(await onlyPull(world)).toMatchObject({ draft: true });
    expect(await testsCheck(world)).toBe('failure');

    work = writing('src/elsewhere.js');
    await world.comment(issue, '/agent retry', 'wim');
    await closed(world, 2);
    expect(await onlyPull(world)).toMatchObject({ draft: true });
    expect(await testsCheck(world)).toBe('failure');

    const { number } = await onlyPull(world);
    work = writing('src/another.js');
    await world.comment(number, '/agent fix write another file', 'wim');
    await closed(world, 3);
    expect(await testsCheck(world)).toBe('failure');
    await world.waitForComment(number, /together with my earlier commits on this branch/);

    work = isEven(0);
    await world.comment(issue, '/agent retry', 'wim');
    await closed(world, 4);
    expect(await testsCheck(world)).toBe('success');
    expect(await onlyPull(world)).toMatchObject({ draft: false });
  }, 600_000);
});
