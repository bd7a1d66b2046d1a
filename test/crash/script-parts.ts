import type { HubStage } from '../support/hub-stage.ts';
import type { ScriptedAnswer, ScriptedToolCall } from '../support/scripted-model.ts';
import type { Scenario } from './scenario.ts';

export const plan: ScriptedAnswer = {
  toolCalls: [
    {
      name: 'update_plan',
      input: { steps: [{ title: 'Add isOdd', acceptance: 'isOdd(3) is true', status: 'open' }] },
    },
  ],
};
export const planned: ScriptedAnswer = { text: 'Add isOdd beside isEven.' };
export const decision = {
  name: 'record_decision',
  input: {
    question: 'Where does isOdd go?',
    options: ['src/range.js', 'a new file'],
    choice: 'src/range.js',
    reason: 'isEven is there',
    evidence: 'src/range.js:8',
  },
};
export const done: ScriptedAnswer = {
  toolCalls: [{ name: 'finish', input: { summary: 'Added isOdd.', not_done: '' } }],
};

export function edit(oldText: string, newText: string): ScriptedAnswer {
  return { toolCalls: [decision, editOf('src/range.js', oldText, newText)] };
}

function editOf(path: string, oldText: string, newText: string): ScriptedToolCall {
  return { name: 'edit_file', input: { path, old_text: oldText, new_text: newText } };
}

export function answers(...list: readonly ScriptedAnswer[]): Scenario['answer'] {
  return ({ turn }) => list[turn] ?? done;
}

const isEven = 'export function isEven(number) {';
const isOdd = `/** Whether it is odd. */\nexport function isOdd(number) {\n  return !isEven(number);\n}\n\n${isEven}`;
const knowsEven = "test('knows even numbers'";
const knowsOdd = `test('knows odd numbers', () => assert.deepEqual([isOdd(2), isOdd(3)], [false, true]));\n${knowsEven}`;

/** With all that the gates ask for, so that the pull request becomes ready. */
export const addOdd: ScriptedAnswer = {
  toolCalls: [
    decision,
    editOf('src/range.js', isEven, isOdd),
    editOf('test/range.test.js', '{ isEven, sumRange }', '{ isEven, isOdd, sumRange }'),
    editOf('test/range.test.js', knowsEven, knowsOdd),
  ],
};

/** A change that every gate lets through; `small` is there to be changed once more. */
export const small = 'number % 2 !== 1';
export const smallEdit = edit('number % 2 === 0', small);

/** Calls are named by their turn: a turn that is asked for again after a crash names them the same in the journal. */
export function namedCalls(answer: ScriptedAnswer, turn: number): ScriptedAnswer {
  const { toolCalls = [] } = answer;
  return { ...answer, toolCalls: toolCalls.map((call, nth) => ({ id: `call_${turn}_${nth}`, ...call })) };
}

export async function labelIssue(stage: HubStage): Promise<void> {
  const issue = await stage.fileIssue('Add isOdd', 'It is missing beside isEven.');
  await stage.label(issue);
}
