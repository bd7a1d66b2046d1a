import { afterEach, describe, expect, it } from 'vitest';
import type { ScriptedAnswer } from '../support/scripted-model.ts';
import {
  closed,
  finish,
  openSteeringWorld,
  planned,
  type SteeringWorld,
  write,
} from '../support/steering-world.ts';

const runMs = 240_000;
const at = { owner: 'mira', repo: 'thing' };

describe('/agent retry from <checkpoint>', () => {
  let opened: SteeringWorld | undefined;
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  it(
    'goes on with what a stopped run had done, on top of what the base branch got meanwhile, judged as ever',
    async () => {
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      let conversations = 0;
      opened = await openSteeringWorld('checkpoint', async ({ turn }): Promise<ScriptedAnswer> => {
        if (turn === 0) conversations += 1;
        if (turn < planned.length) return planned[turn] ?? finish;
        const path = `src/turn-${conversations}-${turn}.js`;
        if (conversations === 1 && turn === planned.length + 1) {
          reached.resolve();
          await released.promise;
        }
        return turn === planned.length ? { toolCalls: [write(path, 'export const done = 1;\n')] } : finish;
      });
      const { world, issue, model } = opened;
      await reached.promise;
      await world.comment(issue, '/agent stop', 'mira');
      released.resolve();
      expect(await world.ended()).toMatchObject({ state: 'cancelled' });
      await closed(world, 1);
      const told = await world.waitForComment(issue, /Checkpoints, newest first: `[0-9a-f]{12}`/);
      const [, name = ''] = /newest first: `([0-9a-f]{12})`/.exec(told) ?? [];

      await world.as('mira').rest.repos.createOrUpdateFileContents({
        ...at,
        path: 'docs/meanwhile.md',
        message: 'Meanwhile',
        content: Buffer.from('Meanwhile.\n').toString('base64'),
      });
      await world.comment(issue, `/agent retry from ${name}`, 'rea');
      await world.waitForComment(issue, /needs the role `write`/);
      await world.comment(issue, '/agent retry from 0123456789ab', 'wim');
      const listed = await world.waitForComment(issue, /does not name one of the checkpoints/);
      expect(listed).toContain(name);
      await world.comment(issue, '/agent explain', 'rea');
      await world.waitForComment(issue, /^The newest run here[\s\S]*Checkpoints, newest first/);

      await world.comment(issue, `/agent retry from ${name}`, 'wim');
      expect(await world.ended(2)).toMatchObject({ state: 'published' });
      const { rest } = world.as('mira');
      const [pull] = (await rest.pulls.list({ ...at, state: 'open' })).data;
      const { data: files } = await rest.pulls.listFiles({ ...at, pull_number: pull?.number ?? 0 });
      expect(files.map(({ filename }) => filename).sort()).toEqual(['src/turn-1-2.js', 'src/turn-2-2.js']);
      const done = await world.waitForComment(issue, /^## Done/m);
      expect(done).toMatch(/Where does the work start\?/);
      expect(done).toContain(`and from its checkpoint \`${name}\``);
      const second = model.requests.findLast(({ turn }) => turn === 0);
      expect(JSON.stringify(second?.body)).toContain('already holds the changes of an earlier attempt');

      // What was changed in the same place since is not overwritten.
      await closed(world, 2);
      await rest.pulls.update({ ...at, pull_number: pull?.number ?? 0, state: 'closed' });
      await rest.repos.createOrUpdateFileContents({
        ...at,
        path: 'src/turn-1-2.js',
        message: 'By hand',
        content: Buffer.from('// by hand\n').toString('base64'),
      });
      await world.settled();
      await world.comment(issue, `/agent retry from ${name}`, 'wim');
      expect(await world.ended(3)).toMatchObject({ state: 'refused' });
      expect(await world.waitForComment(issue, /does not go together/)).toContain('src/turn-1-2.js');
    },
    runMs,
  );
});
