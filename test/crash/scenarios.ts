import { soundRepository } from '../support/sample-repositories.ts';
import { baseMoved, retry, undo } from './detours/after-a-run.ts';
import { failedDelivery, review, round } from './detours/reviews.ts';
import { budget, claims, redChecks } from './detours/waits.ts';
import type { Scenario } from './scenario.ts';
import { addOdd, answers, decision, done, edit, labelIssue, plan, planned } from './script-parts.ts';

/** The main job, with everything that a repository can ask of a pull request. */
export const issueToPull: Scenario = {
  name: 'issue to pull request',
  files: {
    ...soundRepository,
    '.github/agent.yml': 'pull_request:\n  labels: [bot]\n',
    '.github/CODEOWNERS': '* @mira\n',
  },
  answer: answers(plan, planned, addOdd, done),
  begin: labelIssue,
};

/** A command on a pull request that closes no issue: a tracking issue is opened, a report written, and git pushes. */
export const fixPull: Scenario = {
  name: '/agent fix',
  files: soundRepository,
  env: { AGENT_COMMITS: 'git' },
  answer: answers(plan, planned, addOdd, done),
  async begin(stage) {
    const { number } = await stage.openPull({
      branch: 'odd',
      files: { 'docs/odd.md': 'isOdd is the opposite of isEven.\n' },
      title: 'Describe isOdd',
      body: 'Only words.',
    });
    await stage.comment(number, '/agent fix add isOdd itself');
  },
};

/** The change breaks a test, in the second round too: a draft that says so. */
const verificationFails: Scenario = {
  name: 'verification fails',
  files: soundRepository,
  answer: answers(plan, planned, edit('% 2 === 0', '% 2 === 1'), done, edit('% 2 === 1', '% 2 === 3'), done),
  begin: labelIssue,
};

const cancelled: Scenario = {
  name: 'cancelled',
  files: { ...soundRepository, '.github/agent.yml': 'commands:\n  test: sleep 600\n' },
  answer: answers(),
  begin: labelIssue,
  reactions: [{ after: 'commands.detected', act: (stage) => stage.comment(1, '/agent stop') }],
};

/** No run at all: whoever may not ask is told so, once. */
const refused: Scenario = {
  name: 'refused',
  files: soundRepository,
  answer: answers(),
  async begin(stage) {
    const issue = await stage.fileIssue('Add isOdd', 'It is missing beside isEven.');
    await stage.label(issue, 'tri');
  },
  isOver: (stage) => stage.botComments(1).length > 0,
};

/** A command of the manifest changes, so the run waits until somebody approves exactly that. */
const approved: Scenario = {
  name: 'waits for an approval',
  files: soundRepository,
  answer: answers(
    plan,
    planned,
    {
      toolCalls: [
        decision,
        {
          name: 'edit_file',
          input: { path: 'package.json', old_text: 'node --test', new_text: 'node --test test/' },
        },
      ],
    },
    done,
  ),
  begin: labelIssue,
  reactions: [
    {
      after: 'wait.begun',
      async act(stage) {
        const comment = await stage.waitForComment(1, /\/agent approve [0-9a-f]{12}/);
        const hash = /\/agent approve ([0-9a-f]{12})/.exec(comment)?.[1] ?? '';
        await stage.comment(1, `/agent approve ${hash}`);
      },
    },
  ],
};

/** The canonical runs. */
export const scenarios: readonly Scenario[] = [issueToPull, fixPull, verificationFails, cancelled];

/** Shorter stories that pass seams which the canonical runs do not. */
export const sideScenarios: readonly Scenario[] = [refused, approved];

/** Whole runs that leave the way of the canonical ones somewhere: they are hurt where they do. */
export const detours: readonly Scenario[] = [
  review,
  round,
  undo,
  retry,
  baseMoved,
  claims,
  budget,
  redChecks,
  failedDelivery,
];
