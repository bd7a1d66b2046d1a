import type { HubStage } from '../support/hub-stage.ts';
import { soundRepository } from '../support/sample-repositories.ts';
import type { ScriptedAnswer, ScriptedRequest } from '../support/scripted-model.ts';

/** A run that the crash suite repeats: how it begins, what the model says, what people do meanwhile. */
export interface Scenario {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** By the turn alone, so that a run that was taken over hears the same. */
  readonly answer: (request: ScriptedRequest) => ScriptedAnswer;
  /** Starts the run. */
  begin(stage: HubStage): Promise<void>;
  /** For a scenario that leads to no run: whether GitHub shows its end. */
  readonly isOver?: (stage: HubStage) => boolean;
  /** What a person does once the run's journal has an event of the kind. */
  readonly reaction?: { readonly after: string; act(stage: HubStage): Promise<void> };
}

const plan: ScriptedAnswer = {
  toolCalls: [
    {
      name: 'update_plan',
      input: { steps: [{ title: 'Add isOdd', acceptance: 'isOdd(3) is true', status: 'open' }] },
    },
  ],
};
const planned: ScriptedAnswer = { text: 'Add isOdd beside isEven.' };
const decision = {
  name: 'record_decision',
  input: {
    question: 'Where does isOdd go?',
    options: ['src/range.js', 'a new file'],
    choice: 'src/range.js',
    reason: 'isEven is there',
    evidence: 'src/range.js:8',
  },
};
const done: ScriptedAnswer = {
  toolCalls: [{ name: 'finish', input: { summary: 'Added isOdd.', not_done: '' } }],
};

function edit(oldText: string, newText: string): ScriptedAnswer {
  const input = { path: 'src/range.js', old_text: oldText, new_text: newText };
  return { toolCalls: [decision, { name: 'edit_file', input }] };
}

function answers(...list: readonly ScriptedAnswer[]): Scenario['answer'] {
  return ({ turn }) => list[turn] ?? done;
}

const isEven = 'export function isEven(number) {';
const isOdd = `export function isOdd(number) {\n  return !isEven(number);\n}\n\n${isEven}`;

async function labelIssue(stage: HubStage): Promise<void> {
  const issue = await stage.fileIssue('Add isOdd', 'It is missing beside isEven.');
  await stage.label(issue);
}

/** The main job, with everything that a repository can ask of a pull request. */
export const issueToPull: Scenario = {
  name: 'issue to pull request',
  files: {
    ...soundRepository,
    '.github/agent.yml': 'pull_request:\n  labels: [bot]\n',
    '.github/CODEOWNERS': '* @mira\n',
  },
  answer: answers(plan, planned, edit(isEven, isOdd), done),
  begin: labelIssue,
};

/** A command on a pull request that closes no issue: a tracking issue is opened, a report written, and git pushes. */
export const fixPull: Scenario = {
  name: '/agent fix',
  files: soundRepository,
  env: { AGENT_COMMITS: 'git' },
  answer: answers(plan, planned, edit(isEven, isOdd), done),
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
  reaction: { after: 'commands.detected', act: (stage) => stage.comment(1, '/agent stop') },
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
  reaction: {
    after: 'wait.begun',
    async act(stage) {
      const comment = await stage.waitForComment(1, /\/agent approve [0-9a-f]{12}/);
      const hash = /\/agent approve ([0-9a-f]{12})/.exec(comment)?.[1] ?? '';
      await stage.comment(1, `/agent approve ${hash}`);
    },
  },
};

/** The canonical runs. */
export const scenarios: readonly Scenario[] = [issueToPull, fixPull, verificationFails, cancelled];

/** Shorter stories that pass seams which the canonical runs do not. */
export const sideScenarios: readonly Scenario[] = [refused, approved];
