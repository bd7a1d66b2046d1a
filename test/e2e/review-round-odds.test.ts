import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/app-error.ts';
import { setCrashHook } from '../../src/domain/crash-point.ts';
import { type BotWorld, openBotWorld } from '../support/bot-world.ts';
import { openRoundWorld, type RoundWorld, reviewedFile, suggest, threadsOf } from '../support/round-world.ts';
import { javascriptBug, soundRepository } from '../support/sample-repositories.ts';
import { finish, parked, write } from '../support/steering-world.ts';

const runMs = 180_000;
const at = { owner: 'mira', repo: 'thing' };

describe('a round when things go wrong', () => {
  let opened: RoundWorld | undefined;
  let world: BotWorld | undefined;
  afterEach(async () => {
    setCrashHook(undefined);
    await opened?.close();
    await world?.close();
    opened = undefined;
    world = undefined;
  });

  it(
    'answers each comment once, whatever answers of GitHub are lost on the way',
    async () => {
      opened = await openRoundWorld(
        'round-faults',
        (turn) =>
          turn === 0
            ? {
                toolCalls: [
                  {
                    name: 'edit_file',
                    input: { path: reviewedFile, old_text: 'two = 2', new_text: 'two = 22' },
                  },
                  {
                    name: 'address_comment',
                    input: { comment: 'c1', outcome: 'changed', reason: 'It is 22 now.' },
                  },
                ],
              }
            : finish,
        { limits: { backoffMs: 5 } },
      );
      const kinds = ['review.reply', 'thread.resolve', 'comment.create'];
      const phases = ['before-intent', 'after-intent', 'after-send', 'after-result'];
      const left = new Set(kinds.flatMap((kind) => phases.map((phase) => `${kind}.${phase}`)));
      setCrashHook((name) => {
        if (left.delete(name)) throw new AppError('github-unavailable', `no answer at ${name}`);
      });
      const { world: on, pull, review } = opened;
      await review('wim', '', [{ line: 2, body: 'Make it 22.' }]);
      expect(await on.ended(2)).toMatchObject({ state: 'published' });
      expect([...left]).toEqual([]);
      expect(threadsOf(on, pull)).toMatchObject([
        { replies: [expect.stringContaining('It is 22 now.')], resolved: 'pullwright[bot]' },
      ]);
      expect(on.botComments(pull).filter((body) => body.includes('## Review by wim'))).toHaveLength(1);
    },
    runMs,
  );

  it(
    'applies suggestions without a model, and says of the rest that nobody can do it',
    async () => {
      world = await openBotWorld({ files: javascriptBug, record: 'round-without-model' });
      const issue = await world.fileIssue('The last number is missing', 'sumRange(1, 4) gives 6.');
      await world.label(issue);
      await world.ended();
      await world.waitForComment(issue, /^## Done/m);
      const { rest } = world.as('wim');
      const { data } = await rest.pulls.list(at);
      const pull = data[0]?.number ?? 0;
      await rest.pulls.createReview({
        ...at,
        pull_number: pull,
        event: 'REQUEST_CHANGES',
        comments: [
          {
            path: 'src/range.js',
            line: 4,
            body: suggest('  for (let n = first; n <= last; n++) sum += n;'),
          },
          { path: 'src/range.js', line: 2, body: 'Name it rangeSum.' },
        ],
      });
      expect(await world.ended(2)).toMatchObject({ state: 'published' });
      const [applied, other] = threadsOf(world, pull).toSorted((a) => (a.asked === 'Like this:' ? -1 : 1));
      expect(applied).toMatchObject({
        replies: [expect.stringContaining('Your suggestion is applied')],
        resolved: 'pullwright[bot]',
      });
      expect(other).toMatchObject({
        replies: [expect.stringContaining('No model is set up here')],
        resolved: null,
      });
      const head = (await rest.pulls.get({ ...at, pull_number: pull })).data.head.sha;
      const { data: file } = await rest.repos.getContent({ ...at, path: 'src/range.js', ref: head });
      expect(Buffer.from((file as { content: string }).content, 'base64').toString()).toContain(
        'n <= last; n++) sum += n;',
      );
    },
    runMs,
  );

  it(
    'begins as soon as somebody requests changes on a draft that waits for an approval',
    async () => {
      const path = 'test/range.test.js';
      const withoutTest = (soundRepository[path] ?? '').replace(/^test\('knows even numbers'.*\n/m, '');
      opened = await openRoundWorld('round-held', () => finish, {
        firstCalls: [write(reviewedFile, 'export const one = 1;\n'), write(path, withoutTest)],
      });
      const { world: on, pull, issue, review } = opened;
      await parked(on);
      await review('wim', 'Put the test back.', [{ line: 1, body: 'Is this needed?' }]);
      await on.waitForComment(pull, /so your review waits/);
      expect(await on.ended(1)).toMatchObject({
        state: 'published',
        summary: expect.stringContaining('wim requested changes'),
      });
      await on.waitForComment(pull, /I take up your review/);
      expect(await on.ended(2)).toMatchObject({ state: 'refused' });
      expect(threadsOf(on, pull)[0]?.replies).toHaveLength(1);
      expect(await on.waitForComment(issue, /wim requested changes/)).not.toContain('/agent approve');
    },
    runMs,
  );

  it(
    'says on the pull request that it came to nothing when somebody pushed meanwhile',
    async () => {
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      opened = await openRoundWorld('round-moved', async (turn) => {
        if (turn === 0) {
          reached.resolve();
          await released.promise;
          return { toolCalls: [write(reviewedFile, 'export const one = 5;\n')] };
        }
        return finish;
      });
      const { world: on, pull, review } = opened;
      await review('wim', '', [{ line: 1, body: 'Make it 5.' }]);
      await reached.promise;
      const { rest } = on.as('mira');
      const { data } = await rest.pulls.get({ ...at, pull_number: pull });
      await rest.repos.createOrUpdateFileContents({
        ...at,
        path: 'docs/other.md',
        branch: data.head.ref,
        message: 'Say more',
        content: Buffer.from('Two.\n').toString('base64'),
      });
      released.resolve();
      expect(await on.ended(2)).toMatchObject({ state: 'refused' });
      const told = await on.waitForComment(pull, /Nothing was pushed/);
      expect(told).toMatch(/## Review by wim[\s\S]*someone else changed it/);
      expect(threadsOf(on, pull)).toMatchObject([{ replies: [], resolved: null }]);
    },
    runMs,
  );
});
