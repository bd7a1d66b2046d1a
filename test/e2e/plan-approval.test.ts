import { afterEach, describe, expect, it } from 'vitest';
import { soundRepository } from '../support/sample-repositories.ts';
import type { Script } from '../support/scripted-model.ts';
import {
  branches,
  finish,
  openSteeringWorld,
  parked,
  type SteeringWorld,
  write,
} from '../support/steering-world.ts';

const runMs = 120_000;
const at = { owner: 'mira', repo: 'thing' };

/** Plans a step, plans another one when somebody says so, then adds a file. */
const script: Script = ({ turn, lastText, body }) => {
  const implementing = JSON.stringify(body).includes('Implement now');
  if (implementing)
    return /rote/.test(lastText)
      ? finish
      : { toolCalls: [write('src/extra.js', 'export const extra = 1;\n')] };
  if (lastText.includes('says what to do otherwise')) return plan('Do it otherwise in src/range.js');
  return turn === 0 ? plan('Change src/range.js') : { text: 'Planned: change src/range.js.' };
};
const plan = (title: string) => ({
  toolCalls: [
    { name: 'update_plan', input: { steps: [{ title, acceptance: 'It is done', status: 'open' }] } },
  ],
});
const always = { ...soundRepository, '.github/agent.yml': 'plan: always\n' };

describe('a plan', () => {
  let opened: SteeringWorld | undefined;
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  async function waiting({ world, issue }: SteeringWorld, not = ''): Promise<string> {
    const comment = await world.waitForComment(
      issue,
      new RegExp(`Waiting for the approval of the plan[\\s\\S]*/agent approve (?!${not || 'x'})[0-9a-f]{12}`),
    );
    await parked(world);
    return comment;
  }
  const hashIn = (comment: string): string => /\/agent approve ([0-9a-f]{12})/.exec(comment)?.[1] ?? '';

  async function commitToMain({ world }: SteeringWorld, path: string): Promise<void> {
    const { rest } = world.as('mira');
    const old = await rest.repos.getContent({ ...at, path }).catch(() => undefined);
    await rest.repos.createOrUpdateFileContents({
      ...at,
      path,
      branch: 'main',
      message: 'Change it',
      content: Buffer.from(`// ${path}\n`).toString('base64'),
      ...(old && 'sha' in old.data ? { sha: old.data.sha } : {}),
    });
  }

  it(
    'waits where the repository wants it, can be revised, and is carried out as it was approved',
    async () => {
      opened = await openSteeringWorld('plan-always', script, { files: always });
      const { world, issue } = opened;
      const first = await waiting(opened);
      expect(first).toMatch(/wants to see every plan/);
      expect(first).toContain('Change src/range.js');
      await world.comment(issue, '/agent approve', 'rea');
      await world.waitForComment(issue, /needs the role `write`/);
      await world.comment(issue, '/agent revise do it otherwise', 'wim');
      const second = await waiting(opened, hashIn(first));
      expect(second).toContain('Do it otherwise in src/range.js');
      await world.comment(issue, `/agent approve ${hashIn(first)}`, 'wim');
      await world.waitForComment(issue, new RegExp(`\`${hashIn(first)}\` is not what waits here`));
      expect(branches(world)).toEqual(['refs/heads/main']);
      await commitToMain(opened, 'docs/elsewhere.md');
      await world.comment(issue, '/agent approve', 'wim');
      expect(await world.ended()).toMatchObject({ state: 'published' });
      const { data } = await world.as('mira').rest.pulls.list({ ...at, state: 'all' });
      expect(data[0]?.body).toMatch(/wim.*approved the plan/);
      expect(data[0]?.body).toMatch(/nothing that the plan names changed, so the approval holds/);
      expect(data[0]?.body).toMatch(/Risk, as planned: low/);
    },
    runMs,
  );

  it(
    'loses its approval when a file that it names has changed on the base meanwhile',
    async () => {
      opened = await openSteeringWorld('plan-moved', script, { files: always });
      const { world, issue } = opened;
      await waiting(opened);
      await commitToMain(opened, 'src/range.js');
      await world.comment(issue, '/agent approve', 'wim');
      expect(await world.ended()).toMatchObject({ state: 'refused' });
      expect(await world.waitForComment(issue, /^## Not done/m)).toMatch(/src\/range\.js.*changed on .*main/);
      expect(branches(world)).toEqual(['refs/heads/main']);
    },
    runMs,
  );

  it(
    'loses its approval when the text of the issue was changed',
    async () => {
      opened = await openSteeringWorld('plan-edited', script, { files: always });
      const { world, issue } = opened;
      await waiting(opened);
      await world.as('mira').rest.issues.update({ ...at, issue_number: issue, body: 'Something else.' });
      await world.comment(issue, '/agent approve', 'wim');
      expect(await world.ended()).toMatchObject({ state: 'refused' });
      expect(await world.waitForComment(issue, /^## Not done/m)).toMatch(/was changed after the plan/);
    },
    runMs,
  );

  it(
    'is all that /agent plan makes, whatever the repository says, until it is approved',
    async () => {
      const never = { ...soundRepository, '.github/agent.yml': 'plan: never\n' };
      opened = await openSteeringWorld('plan-only', script, { files: never, begin: 'no' });
      const { world, issue } = opened;
      await world.comment(issue, '/agent plan how to add extra', 'wim');
      expect(await waiting(opened)).toMatch(/a plan was asked for/);
      expect(branches(world)).toEqual(['refs/heads/main']);
      await world.comment(issue, '/agent approve', 'mira');
      expect(await world.ended()).toMatchObject({ state: 'published' });
    },
    runMs,
  );

  it(
    'that names protected files waits by default, with its reasons',
    async () => {
      opened = await openSteeringWorld('plan-risk', ({ turn }) =>
        turn === 0 ? plan('Change .github/workflows/ci.yml') : { text: 'Planned.' },
      );
      const { world, issue } = opened;
      expect(await waiting(opened)).toMatch(/names .*\.github\/workflows\/ci\.yml.*runs in CI.*\(\+4\)/);
      await world.comment(issue, '/agent stop', 'wim');
      expect(await world.ended()).toMatchObject({ state: 'cancelled' });
    },
    runMs,
  );
});
