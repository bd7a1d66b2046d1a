import type { BotWorld } from '../../test/support/bot-world.ts';
import { openBotWorld } from '../../test/support/bot-world.ts';
import { soundRepository } from '../../test/support/sample-repositories.ts';
import type { ScriptedAnswer, ScriptedRequest } from '../../test/support/scripted-model.ts';
import { startScriptedModel } from '../../test/support/scripted-model.ts';
import { closed } from '../../test/support/steering-world.ts';
import type { TestDatabase } from '../../test/support/test-database.ts';

const at = { owner: 'mira', repo: 'thing' };
const file = 'src/range.js';

/** What the thread is told from. */
export interface PlayedThread {
  readonly world: BotWorld;
  readonly issue: number;
  readonly pull: number;
  close(): Promise<void>;
}

/** An issue from its first word to a base that moved, on the local GitHub with a scripted model. */
export async function playThread(createDatabase: () => Promise<TestDatabase>): Promise<PlayedThread> {
  const model = await startScriptedModel(answer);
  const world = await openBotWorld({
    files: soundRepository,
    record: null,
    createDatabase,
    env: {
      ANTHROPIC_API_KEY: 'no-key',
      ANTHROPIC_BASE_URL: model.anthropicUrl,
      AGENT_MODELS: 'anthropic:scripted',
    },
  });
  const issue = await world.fileIssue(
    'isOdd is missing',
    'Everybody writes `!isEven(n)`. Please add `isOdd` beside it, with a test.',
  );
  await world.comment(issue, '/agent plan add isOdd beside isEven', 'mira');
  await world.waitForEvent(({ kind }) => kind === 'wait.begun');
  await world.comment(issue, '/agent stop', 'rea');
  await world.waitForComment(issue, /needs the role/);
  await world.comment(issue, '/agent approve', 'mira');
  await over(world, 1);
  const { data: pulls } = await world.as('mira').rest.pulls.list({ ...at });
  const pull = pulls[0]?.number ?? 0;
  await review(world, pull);
  await over(world, 2);
  await moveBase(world);
  await over(world, 3);
  await world.comment(pull, `/agent explain ${file}:9`, 'wim');
  await world.settled();
  const close = async (): Promise<void> => {
    await world.close();
    await model.close();
  };
  return { world, issue, pull, close };
}

async function over(world: BotWorld, nth: number): Promise<void> {
  await world.ended(nth);
  await closed(world, nth);
  await world.settled();
}

async function review(world: BotWorld, pull: number): Promise<void> {
  await world.as('wim').rest.pulls.createReview({
    ...at,
    pull_number: pull,
    event: 'REQUEST_CHANGES',
    body: 'Nearly there.',
    comments: [
      {
        path: file,
        line: 8,
        body: 'Say what it is for:\n```suggestion\n/** Whether a whole number is odd. */\n```',
      },
      { path: file, line: 9, body: 'Could this throw on fractions?' },
    ],
  });
}

/** Somebody else changes the line that the pull request stands beside. */
async function moveBase(world: BotWorld): Promise<void> {
  const { rest } = world.as('mira');
  const { data } = await rest.repos.getContent({ ...at, path: file, ref: 'main' });
  const { sha, content } = data as { readonly sha: string; readonly content: string };
  const text = Buffer.from(content, 'base64').toString('utf8');
  const changed = text.replace(
    'export function isEven',
    '/** Whether a number is even. */\nexport function isEven',
  );
  await rest.repos.createOrUpdateFileContents({
    ...at,
    path: file,
    sha,
    branch: 'main',
    message: 'Document isEven',
    content: Buffer.from(changed).toString('base64'),
  });
}

const test = [
  "import assert from 'node:assert/strict';",
  "import { test } from 'node:test';",
  "import { isOdd } from '../src/range.js';",
  '',
  "test('knows odd numbers', () => assert.deepEqual([isOdd(2), isOdd(3)], [false, true]));",
  '',
].join('\n');

const isOdd = 'export function isOdd(number) {\n  return !isEven(number);\n}\n';

function call(name: string, input: unknown): ScriptedAnswer {
  return { toolCalls: [{ name, input }] };
}

/** By what the conversation holds: a script that counts requests would not survive a run that is taken up again. */
function answer({ body, turn }: ScriptedRequest): ScriptedAnswer {
  const said = JSON.stringify(body);
  if (said.includes('settle each so that')) return settleConflict(turn);
  if (said.includes('Your task is this review')) return answerReview(turn);
  return build(turn);
}

function build(turn: number): ScriptedAnswer {
  const steps = [
    { title: 'Add isOdd beside isEven', acceptance: 'isOdd(3) is true, isOdd(2) is false', status: 'open' },
    { title: 'Test it', acceptance: 'npm test runs the new test', status: 'open' },
  ];
  const edit = {
    path: file,
    old_text: 'export function isEven(number) {',
    new_text: `/** Odd. */\n${isOdd}\nexport function isEven(number) {`,
  };
  const decision = {
    question: 'How does isOdd decide?',
    options: ['the negation of isEven', 'a remainder of its own'],
    choice: 'the negation of isEven',
    reason: 'One rule for both, so they cannot disagree.',
    evidence: `${file}:8`,
  };
  const turns: readonly ScriptedAnswer[] = [
    call('update_plan', { steps }),
    { text: 'isOdd goes beside isEven and is its negation; a new test shows both answers.' },
    call('record_decision', decision),
    call('edit_file', edit),
    call('write_file', { path: 'test/odd.test.js', content: test }),
    call('update_plan', { steps: steps.map((step) => ({ ...step, status: 'done' })) }),
  ];
  return turns[turn] ?? call('finish', { summary: 'isOdd is the negation of isEven.', not_done: '' });
}

function answerReview(turn: number): ScriptedAnswer {
  const reason =
    'isEven does not either: 1.5 is neither, and both answer by remainder. Throwing in one of them only would surprise.';
  const calls = [
    { name: 'address_comment', input: { comment: 'c1', outcome: 'changed', reason: 'As suggested.' } },
    { name: 'address_comment', input: { comment: 'c2', outcome: 'declined', reason } },
  ];
  return turn === planTurns ? { toolCalls: calls } : build(turn < planTurns ? turn : 99);
}

/** Turns of a plan before its run goes to work. */
const planTurns = 2;

function settleConflict(turn: number): ScriptedAnswer {
  const settled = (soundRepository[file] ?? '').replace(
    'export function isEven',
    `/** Whether a whole number is odd. */\n${isOdd}\n/** Whether a number is even. */\nexport function isEven`,
  );
  if (turn === 0) return call('write_file', { path: file, content: settled });
  return call('finish', { summary: 'Both comments stay; isOdd stands before isEven.', not_done: '' });
}
