import { expect, it } from 'vitest';
import type { Effect } from '../../src/domain/effect.ts';
import { markdown } from '../../src/text/markdown.ts';
import { effectsOver, lease, run } from './effects-fixture.ts';
import { MemoryForge } from './memory-forge.ts';

it('an edit that comes while the first one makes the tracking comment does not make a second one', async () => {
  const forge = new MemoryForge();
  const { effects } = effectsOver(forge);
  const isMaking = Promise.withResolvers<void>();
  const mayAnswer = Promise.withResolvers<void>();
  const createComment = forge.writer.createComment.bind(forge.writer);
  let creations = 0;
  Object.assign(forge.writer, {
    async createComment(...given: Parameters<typeof forge.writer.createComment>) {
      creations += 1;
      isMaking.resolve();
      await mayAnswer.promise;
      return await createComment(...given);
    },
  });
  const update = (text: string): Effect => ({
    kind: 'tracking.update',
    issue: 7,
    body: markdown`${text.length}`,
  });
  const first = effects.perform(run, lease, 'tracking', update('x'));
  await isMaking.promise;
  const second = effects.perform(run, lease, 'tracking', update('xx'));
  // Time for the second one to look for a comment that is not there yet.
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  mayAnswer.resolve();
  await Promise.all([first, second]);
  expect(creations).toBe(1);
  expect(forge.comments.map(({ body }) => body.split('\n', 1)[0])).toEqual(['2']);
});
