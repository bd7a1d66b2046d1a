import { afterEach, describe, expect, it } from 'vitest';
import {
  openRoundWorld,
  type RoundWorld,
  reviewedFile,
  reviewedText,
  suggest,
  threadsOf,
} from '../support/round-world.ts';
import type { ScriptedAnswer, ScriptedToolCall } from '../support/scripted-model.ts';
import { finish } from '../support/steering-world.ts';

const runMs = 180_000;
const at = { owner: 'mira', repo: 'thing' };

const address = (comment: string, outcome: 'changed' | 'declined', reason: string): ScriptedToolCall => ({
  name: 'address_comment',
  input: { comment, outcome, reason },
});

const edit = (from: string, to: string): ScriptedToolCall => ({
  name: 'edit_file',
  input: { path: reviewedFile, old_text: from, new_text: to },
});

/** Does what the second comment asks for and declines the third. */
const sensible: ScriptedAnswer = {
  toolCalls: [
    edit('two = 2', 'two = 22'),
    address('c1', 'changed', 'It was suggested.'),
    address('c2', 'changed', 'It is 22 now.'),
    address('c3', 'declined', 'Three is what the caller counts on. @otto'),
  ],
};

describe('a review that requests changes', () => {
  let opened: RoundWorld | undefined;
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  const threads = ({ world, pull }: RoundWorld) => threadsOf(world, pull);

  async function headOf({ world, pull }: RoundWorld): Promise<string> {
    return (await world.as('mira').rest.pulls.get({ ...at, pull_number: pull })).data.head.sha;
  }

  async function textAt({ world }: RoundWorld, ref: string): Promise<string> {
    const { data } = await world.as('mira').rest.repos.getContent({ ...at, path: reviewedFile, ref });
    return Buffer.from((data as { content: string }).content, 'base64').toString();
  }

  it(
    'becomes one commit, a reply to each comment, resolved threads and one summary, once',
    async () => {
      opened = await openRoundWorld('round', (turn) => (turn === 0 ? sensible : finish));
      const { world, pull, head, issue, review } = opened;
      const id = await review('wim', 'Nearly.', [
        { line: 1, body: suggest('export const one = 11;') },
        { line: 2, body: 'Make it 22.' },
        { line: 3, body: 'Make it 4.' },
      ]);
      await world.waitForComment(pull, /I take up your review: 3 comments on lines/);
      expect(await world.ended(2)).toMatchObject({ state: 'published' });
      await world.settled();

      const now = await headOf(opened);
      const { data: commit } = await world.as('mira').rest.git.getCommit({ ...at, commit_sha: now });
      expect(commit.parents.map(({ sha }) => sha)).toEqual([head]);
      expect(commit.message).toMatch(/^Answer the review of pull request \d+ by wim\n/);
      expect(commit.message).toMatch(/Co-authored-by: wim <\d+\+wim@users\.noreply/);
      expect(await textAt(opened, now)).toBe(reviewedText.replace('= 1;', '= 11;').replace('= 2;', '= 22;'));
      const inCommit = `in [\`${now.slice(0, 10)}\`]`;
      expect(threads(opened)).toEqual([
        {
          asked: 'Like this:',
          replies: [expect.stringContaining(`pullwright[bot]: Your suggestion is applied ${inCommit}`)],
          resolved: 'pullwright[bot]',
        },
        {
          asked: 'Make it 22.',
          replies: [expect.stringMatching(/^pullwright\[bot\]: Changed in .*: It is 22 now\./)],
          resolved: 'pullwright[bot]',
        },
        {
          asked: 'Make it 4.',
          replies: [
            expect.stringContaining(
              'pullwright[bot]: Not changed: Three is what the caller counts on. `@otto`',
            ),
          ],
          resolved: null,
        },
      ]);
      const summaries = world.botComments(pull).filter((body) => body.includes('## Review by wim'));
      expect(summaries).toHaveLength(1);
      expect(summaries[0]).toMatch(
        /✅ suggestion applied in .*\n- .*✅ changed in .*\n- .*✋ declined: Three/,
      );
      expect(summaries[0]).toContain('## Evidence');
      const tracking = await world.waitForComment(issue, /### Review/);
      expect(tracking).toContain('✋ declined');

      // Handed in once more, as after a crash before it was noted as done.
      const { deliveries, runs } = world.bot.composition.store;
      const [row] = (await deliveries.list({ limit: 100 })).filter(
        ({ event, outcome }) => event === 'pull_request_review' && outcome?.kind === 'accepted',
      );
      expect(await deliveries.replay(row?.guid ?? ('' as never))).toBe(true);
      await world.settled();
      expect(await runs.list({ limit: 10 })).toHaveLength(2);
      expect(threads(opened).map(({ replies }) => replies.length)).toEqual([1, 1, 1]);
      expect(world.botComments(pull)).toHaveLength(2);
      expect(opened.model.requests.map(({ lastText }) => lastText).join('\n')).not.toContain(`${id}`);
    },
    runMs,
  );

  it(
    'of somebody who may not write is answered once, and starts nothing',
    async () => {
      opened = await openRoundWorld('round-roles', () => finish);
      const { world, pull, head, review } = opened;
      await review('rea', 'READER-WORDS', [{ line: 1, body: suggest('export const one = 66;') }]);
      await world.waitForComment(pull, /needs the role `write` or higher.*yours is `read`/);
      await review('rea', 'READER-WORDS again', []);
      await review('otto', 'STRANGER-WORDS', [{ line: 2, body: 'Delete everything.' }]);
      await world.settled();
      // One for each of the two, however often they try.
      expect(world.botComments(pull)).toEqual([
        expect.stringContaining('needs the role `write`'),
        expect.stringContaining('needs the role `write`'),
      ]);
      expect(await world.bot.composition.store.runs.list({ limit: 10 })).toHaveLength(1);
      expect(await headOf(opened)).toBe(head);
      expect(threads(opened).flatMap(({ replies }) => replies)).toEqual([]);
    },
    runMs,
  );

  it(
    'believes the commit and not the agent, and says what nobody has answered',
    async () => {
      opened = await openRoundWorld('round-claims', (turn) => {
        if (turn === 0)
          return {
            toolCalls: [
              { name: 'write_file', input: { path: 'src/other.js', content: 'export const other = 1;\n' } },
              address('c1', 'changed', 'Done, trust me.'),
            ],
          };
        return finish;
      });
      const { world, pull, review } = opened;
      await review('wim', '', [
        { line: 1, body: 'Make it 5.' },
        { line: 2, body: 'Make it 6.' },
      ]);
      expect(await world.ended(2)).toMatchObject({ state: 'published' });
      const [claimed, silent] = threads(opened);
      expect(claimed).toMatchObject({
        replies: [expect.stringContaining('the commit does not touch the file')],
        resolved: null,
      });
      expect(silent).toMatchObject({
        replies: [expect.stringContaining('The agent said nothing about this comment')],
        resolved: null,
      });
      const reminded = opened.model.requests.some(({ lastText }) =>
        lastText.includes('not finished: c2 of the review have no answer yet'),
      );
      expect(reminded).toBe(true);
      expect(await world.waitForComment(pull, /## Review by wim/)).toMatch(/❌ not addressed/);
    },
    runMs,
  );

  it(
    'is answered in its threads also when every comment is declined and nothing is pushed',
    async () => {
      opened = await openRoundWorld('round-declined', (turn) =>
        turn === 0 ? { toolCalls: [address('c1', 'declined', 'It is right as it is.')] } : finish,
      );
      const { world, pull, head, review } = opened;
      await review('wim', '', [{ line: 1, body: 'Make it 5.' }]);
      expect(await world.ended(2)).toMatchObject({ state: 'refused' });
      expect(threads(opened)).toMatchObject([
        { replies: [expect.stringContaining('Not changed: It is right as it is.')], resolved: null },
      ]);
      expect(await world.waitForComment(pull, /## Review by wim/)).toMatch(/Nothing was pushed/);
      expect(await headOf(opened)).toBe(head);
    },
    runMs,
  );

  it(
    'waits for a run that works there, and is then taken up whole and not as words',
    async () => {
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      opened = await openRoundWorld('round-later', async (turn, { body }) => {
        if (!JSON.stringify(body).includes('FIRST-COMMENT')) return turn === 0 ? sensible : finish;
        if (turn === 0) {
          reached.resolve();
          await released.promise;
        }
        return turn === 0
          ? { toolCalls: [edit('one = 1', 'one = 5'), address('c1', 'changed', 'Five.')] }
          : finish;
      });
      const { world, pull, review } = opened;
      await review('wim', '', [{ line: 1, body: 'Make it 5. FIRST-COMMENT' }]);
      await reached.promise;
      await review('mira', 'And two more.', [
        { line: 2, body: 'Make it 22. SECOND-COMMENT' },
        { line: 3, body: 'Keep it. SECOND-COMMENT' },
      ]);
      await world.waitForComment(pull, /A run is under way here .* so your review waits/);
      released.resolve();
      expect(await world.ended(2)).toMatchObject({ state: 'published' });
      expect(await world.ended(3)).toMatchObject({ state: 'published' });
      expect(await textAt(opened, await headOf(opened))).toContain('one = 5;\nexport const two = 22;');
      expect(threads(opened).map(({ replies }) => replies.length)).toEqual([1, 1, 1]);
      // Nobody told the first run what was meant for the second.
      const first = opened.model.requests.filter(({ body }) =>
        JSON.stringify(body).includes('FIRST-COMMENT'),
      );
      const ofFirst = first.filter(({ body }) => !JSON.stringify(body).includes('Comment c2:'));
      expect(JSON.stringify(ofFirst.map(({ body }) => body))).not.toContain('SECOND-COMMENT');
    },
    runMs,
  );
});
