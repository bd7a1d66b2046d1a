import type { HubStage } from '../../support/hub-stage.ts';
import { soundRepository } from '../../support/sample-repositories.ts';
import type { ScriptedAnswer } from '../../support/scripted-model.ts';
import type { Scenario } from '../scenario.ts';
import { answers, done, labelIssue, plan, planned, smallEdit } from '../script-parts.ts';

const at = { owner: 'mira', repo: 'thing' };
const path = 'src/range.js';
const published = [plan, planned, smallEdit, done];

/** What a published run did is taken back, by a commit on top. */
export const undo: Scenario = {
  name: '/agent undo',
  files: soundRepository,
  answer: answers(...published),
  prelude: labelIssue,
  begin: (stage) => stage.comment(1, '/agent undo', 'wim'),
};

const theirs = '(number & 1) === 0';
const merged: ScriptedAnswer = {
  toolCalls: [
    {
      name: 'write_file',
      input: { path, content: (soundRepository[path] ?? '').replace('number % 2 === 0', '!(number & 1)') },
    },
  ],
};

/** The base gets a commit that is in conflict with the pull request: both sides are brought together by the model. */
export const baseMoved: Scenario = {
  name: 'the base moved',
  files: soundRepository,
  answer(request) {
    const isMerge = JSON.stringify(request.body).includes('Test bits instead of dividing');
    return (isMerge ? [merged] : published)[request.turn] ?? done;
  },
  prelude: labelIssue,
  begin: (stage) => moveBase(stage, (text) => text.replace('number % 2 === 0', theirs)),
};

async function moveBase(stage: HubStage, change: (text: string) => string): Promise<void> {
  const { rest } = stage.as('mira');
  const { data } = await rest.repos.getContent({ ...at, path, ref: 'main' });
  const { sha, content } = data as { readonly sha: string; readonly content: string };
  await rest.repos.createOrUpdateFileContents({
    ...at,
    path,
    branch: 'main',
    message: 'Test bits instead of dividing',
    content: Buffer.from(change(Buffer.from(content, 'base64').toString())).toString('base64'),
    sha,
  });
}

const text = 'isOdd is the opposite of isEven.\n';

/** The pull request was closed; its work goes on from a checkpoint, on a new branch. */
export const retry: Scenario = {
  name: '/agent retry from a checkpoint',
  files: soundRepository,
  answer(request) {
    const isAgain = JSON.stringify(request.body).includes('changes of an earlier attempt');
    const more = { toolCalls: [{ name: 'write_file', input: { path: 'docs/odd.md', content: text } }] };
    return (isAgain ? [plan, planned, more] : published)[request.turn] ?? done;
  },
  prelude: labelIssue,
  async begin(stage) {
    const pull_number = 2;
    await stage.as('mira').rest.pulls.update({ ...at, pull_number, state: 'closed' });
    const told = await stage.waitForComment(1, /Checkpoints, newest first: `[0-9a-f]{12}`/);
    const [, name = ''] = /newest first: `([0-9a-f]{12})`/.exec(told) ?? [];
    await stage.comment(1, `/agent retry from ${name}`, 'wim');
  },
};
