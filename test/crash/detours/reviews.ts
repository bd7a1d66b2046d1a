import { soundRepository } from '../../support/sample-repositories.ts';
import type { Scenario } from '../scenario.ts';
import { done, plan, planned } from '../script-parts.ts';

const at = { owner: 'mira', repo: 'thing' };
const path = 'src/range.js';
const brokenLine = '  for (let number = first; number < last; number++) sum += number;';

/** The gates and a model look at a person's change, which breaks a test: one review, with a finding on a line. */
export const review: Scenario = {
  name: '/agent review',
  files: soundRepository,
  answer({ turn }) {
    if (turn > 0) return done;
    const input = {
      path,
      line: 4,
      severity: 'error',
      claim: 'The last number is left out.',
      quote: brokenLine,
    };
    return { toolCalls: [{ name: 'report_finding', input }] };
  },
  async begin(stage) {
    const { number } = await stage.openPull({
      branch: 'settings',
      files: {
        [path]: (soundRepository[path] ?? '').replace('number <= last', 'number < last'),
        'docs/settings.md': 'There are none.\n',
      },
      title: 'Add settings',
      body: 'Only settings.',
      login: 'wim',
    });
    await stage.comment(number, '/agent review the arithmetic', 'wim');
  },
};

const reviewed = 'src/extra.js';
const said = (comment: string, outcome: 'changed' | 'declined', reason: string) => ({
  name: 'address_comment',
  input: { comment, outcome, reason },
});

/** Comment by comment: a suggestion is applied, one is done, both are resolved, and one is declined. */
export const round: Scenario = {
  name: 'review round',
  files: soundRepository,
  answer({ turn }) {
    const change = { path: reviewed, old_text: 'two = 2', new_text: 'two = 22' };
    const work = {
      toolCalls: [
        { name: 'edit_file', input: change },
        said('c1', 'changed', 'It was suggested.'),
        said('c2', 'changed', 'It is 22 now.'),
        said('c3', 'declined', 'Three is what the caller counts on.'),
      ],
    };
    return [plan, planned, work][turn] ?? done;
  },
  async begin(stage) {
    const { number } = await stage.openPull({
      branch: 'extra',
      files: { [reviewed]: 'export const one = 1;\nexport const two = 2;\nexport const three = 3;\n' },
      title: 'Add numbers',
      body: 'Three of them.',
    });
    const suggestion = ['Like this:', '```suggestion', 'export const one = 11;', '```'].join('\n');
    await stage.as('wim').rest.pulls.createReview({
      ...at,
      pull_number: number,
      event: 'REQUEST_CHANGES',
      body: '/agent fix what I say on the lines',
      comments: [
        { path: reviewed, line: 1, body: suggestion },
        { path: reviewed, line: 2, body: 'Make it 22.' },
        { path: reviewed, line: 3, body: 'Make it 4.' },
      ],
    });
  },
};

/** Nothing to work on; and GitHub answers the question for the closing issues with something else than an answer, once. */
export const failedDelivery: Scenario = {
  name: 'a delivery that fails once',
  files: soundRepository,
  answer: () => done,
  async begin(stage) {
    const { number } = await stage.openPull({
      branch: 'odd',
      files: { 'docs/odd.md': 'isOdd is the opposite of isEven.\n' },
      title: 'Describe isOdd',
      body: 'Only words.',
    });
    const failure = { status: 200 };
    stage.hub.admin.faults.plant({ path: /^\/graphql$/, times: 1, failure, when: 'before' });
    const event = 'REQUEST_CHANGES';
    await stage.as('wim').rest.pulls.createReview({ ...at, pull_number: number, event, body: '/agent fix' });
  },
  isOver: (stage) => stage.botComments(1).length > 0,
};
