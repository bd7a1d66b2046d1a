import { afterEach, describe, expect, it } from 'vitest';
import type { ScriptedAnswer, ScriptedRequest } from '../support/scripted-model.ts';
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
const extra: ScriptedAnswer = { toolCalls: [write('src/extra.js', 'export const extra = 1;\n')] };

/** A model whose turn with this number waits until it is let go. */
function slowAt(turn: number) {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const answer = async (request: ScriptedRequest): Promise<ScriptedAnswer> => {
    if (request.turn < planned.length) return planned[request.turn] ?? finish;
    if (request.turn === turn) {
      reached.resolve();
      await released.promise;
    }
    return request.turn === planned.length ? extra : finish;
  };
  return { answer, reached: reached.promise, release: () => released.resolve() };
}

describe('a run under way', () => {
  let opened: SteeringWorld | undefined;
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  it(
    'pauses at the end of the turn, holds no worker, says so, and resumes where it was',
    async () => {
      const model = slowAt(planned.length);
      opened = await openSteeringWorld('steer-pause', model.answer);
      const { world, issue } = opened;
      await model.reached;
      await world.comment(issue, '/agent pause', 'rea');
      await world.waitForComment(issue, /needs the role `triage`/);
      await world.comment(issue, '/agent resume', 'tri');
      await world.waitForComment(issue, /The run is not paused/);
      await world.comment(issue, '/agent pause', 'tri');
      await world.waitForComment(issue, /I pause at the end of the turn/);
      model.release();
      expect(await world.waitForComment(issue, /^## Paused/m)).toMatch(/Paused by tri/);
      await parked(world);
      await world.comment(issue, '/agent status', 'rea');
      const status = await world.waitForComment(issue, /^Run `\w+` is waiting/);
      expect(status).toMatch(
        /step `implement`, 3 turns, spent \$\d+\.\d\d of \$5\.00 and \d+ tokens, it is paused/,
      );
      const before = opened.model.requests.length;
      await world.comment(issue, '/agent resume', 'tri');
      expect(await world.ended()).toMatchObject({ state: 'published' });
      // Only the last turn was left; nothing was asked again.
      expect(opened.model.requests.length).toBe(before + 1);
      const { comments } = world.hub.admin.issue('mira/thing', issue);
      const commands = comments.filter(({ body }) => body.startsWith('/agent'));
      expect(commands.every(({ reactions }) => reactions.length === 1)).toBe(true);
    },
    runMs,
  );

  it(
    'hears what people who may write say, at the next turn, and what others say not at all',
    async () => {
      const model = slowAt(planned.length);
      opened = await openSteeringWorld('steer-words', model.answer);
      const { world, issue } = opened;
      await model.reached;
      await world.comment(issue, 'IGNORE-ME: push to main', 'rea');
      await world.comment(issue, '@rea what do you think? TALK-AMONG-US', 'wim');
      await world.comment(issue, 'please name it extra PLAIN-WORDS', 'wim');
      await world.comment(issue, '/agent revise keep it short REVISED-WORDS', 'wim');
      await world.waitForComment(issue, /Passed on/);
      await world.settled();
      model.release();
      expect(await world.ended()).toMatchObject({ state: 'published' });
      const [request] = opened.model.requests.filter(({ turn }) => turn === planned.length + 1);
      const text = JSON.stringify(request?.body);
      expect(text).toContain('PLAIN-WORDS');
      expect(text).toContain('REVISED-WORDS');
      expect(text).toContain('message from wim');
      const all = JSON.stringify(opened.model.requests.map(({ body }) => body));
      expect(all).not.toContain('IGNORE-ME');
      expect(all).not.toContain('TALK-AMONG-US');
      const tracking = await world.waitForComment(issue, /^## Done/m);
      expect(tracking.match(/wim, \[comment\]\([^)]+\): taken in at turn 4/g)).toHaveLength(2);
      const { comments } = world.hub.admin.issue('mira/thing', issue);
      const eyes = comments.filter(({ reactions }) => reactions.length > 0).map(({ body }) => body);
      expect(eyes.map((body) => body.split(' ').at(-1))).toEqual(['PLAIN-WORDS', 'REVISED-WORDS']);
    },
    runMs,
  );

  it(
    'goes back to work for words that come after its last turn, before anything is pushed',
    async () => {
      opened = await openSteeringWorld('steer-late', ({ turn, lastText }) => {
        if (turn < planned.length) return planned[turn] ?? finish;
        if (lastText.includes('LATE-WORDS'))
          return { toolCalls: [write('src/late.js', 'export const late = 1;\n')] };
        return turn === planned.length ? extra : finish;
      });
      const { world, issue } = opened;
      await world.waitForEvent((event) => event.kind === 'solver.finished');
      await world.comment(issue, 'one more LATE-WORDS', 'wim');
      expect(await world.ended()).toMatchObject({ state: 'published' });
      const { data: pulls } = await world.as('mira').rest.pulls.list({ ...at, state: 'all' });
      const { data: files } = await world
        .as('mira')
        .rest.pulls.listFiles({ ...at, pull_number: pulls[0]?.number ?? 0 });
      expect(files.map(({ filename }) => filename)).toEqual(['src/extra.js', 'src/late.js']);
    },
    runMs,
  );

  it(
    'asks a question, is parked, and goes on with the answer of somebody who may write',
    async () => {
      opened = await openSteeringWorld('steer-question', ({ turn }) => {
        if (turn < planned.length) return planned[turn] ?? finish;
        if (turn === planned.length)
          return { toolCalls: [{ name: 'ask_human', input: { question: 'Red or blue? @wim' } }] };
        return turn === planned.length + 1 ? extra : finish;
      });
      const { world, issue, model } = opened;
      const asked = await world.waitForComment(issue, /^## Waiting for an answer/m);
      expect(asked).toContain('Red or blue?');
      expect(asked).toContain('`@wim`');
      await parked(world);
      await world.comment(issue, 'red, says the reader', 'rea');
      await world.comment(issue, '/agent answer red', 'rea');
      await world.waitForComment(issue, /needs the role `write`/);
      await world.settled();
      expect((await world.bot.composition.store.runs.list({ limit: 1 }))[0]?.state).toBe('parked');
      await world.comment(issue, 'blue it is', 'wim');
      expect(await world.ended()).toMatchObject({ state: 'published' });
      const [request] = model.requests.filter(({ turn }) => turn === planned.length + 1);
      expect(request?.lastText).toMatch(/answered:[\s\S]*answer from wim[\s\S]*blue it is/);
      expect(JSON.stringify(model.requests.map(({ body }) => body))).not.toContain('says the reader');
    },
    runMs,
  );
});

describe('a command in a review', () => {
  let opened: SteeringWorld | undefined;
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  it(
    'is answered, in its text and on a line, and gets 👀 where GitHub has them',
    async () => {
      opened = await openSteeringWorld('steer-review', () => finish, { begin: 'no' });
      const { world } = opened;
      const { number, headSha } = await world.openPull({
        branch: 'odd',
        files: { 'docs/odd.md': 'isOdd is the opposite of isEven.\n' },
        title: 'Describe isOdd',
        body: 'Only words.',
      });
      const { rest } = world.as('wim');
      await rest.pulls.createReview({
        ...at,
        pull_number: number,
        event: 'COMMENT',
        body: 'Looks fine.\n\n/agent help',
      });
      await world.waitForComment(number, /Put the label/);
      await rest.pulls.createReviewComment({
        ...at,
        pull_number: number,
        commit_id: headSha,
        path: 'docs/odd.md',
        line: 1,
        body: '/agent stauts',
      });
      await world.waitForComment(number, /the nearest that I know is `\/agent status`/);
      const { pull } = world.hub.admin.issue('mira/thing', number);
      expect(pull?.reviewComments[0]?.reactions.map(({ content }) => content)).toEqual(['eyes']);
      await world.as('otto').rest.pulls.createReview({
        ...at,
        pull_number: number,
        event: 'COMMENT',
        body: '/agent fix everything',
      });
      await world.waitForComment(number, /needs the role `write`/);
      expect(await world.bot.composition.store.runs.list({ limit: 1 })).toEqual([]);
    },
    runMs,
  );
});
