import { type BotWorld, openBotWorld, type WorldOptions } from './bot-world.ts';
import { soundRepository } from './sample-repositories.ts';
import {
  type Script,
  type ScriptedAnswer,
  type ScriptedModel,
  type ScriptedRequest,
  type ScriptedToolCall,
  startScriptedModel,
} from './scripted-model.ts';

export const planned: readonly ScriptedAnswer[] = [
  {
    toolCalls: [
      {
        name: 'update_plan',
        input: { steps: [{ title: 'Do it', acceptance: 'It is done', status: 'open' }] },
      },
    ],
  },
  { text: 'Planned.' },
];
export const write = (path: string, content: string): ScriptedToolCall => ({
  name: 'write_file',
  input: { path, content },
});
export const finish: ScriptedAnswer = {
  toolCalls: [{ name: 'finish', input: { summary: 'All is well.', not_done: '' } }],
};

/** Plans, then does what the test says for this run, then finishes. */
export function doing(work: () => ScriptedAnswer | Promise<ScriptedAnswer>) {
  return async ({ turn }: ScriptedRequest): Promise<ScriptedAnswer> => {
    if (turn < planned.length) return planned[turn] ?? finish;
    return turn === planned.length ? await work() : finish;
  };
}

const testFile = 'test/range.test.js';
const withoutTest = (soundRepository[testFile] ?? '').replace(/^test\('knows even numbers'.*\n/m, '');

/** Deletes a test that passes, which a gate holds. */
export const deletingTest: Script = ({ turn, lastText }) => {
  if (turn < planned.length) return planned[turn] ?? finish;
  return /rote/.test(lastText) ? finish : { toolCalls: [write(testFile, withoutTest)] };
};

/** A new module of its own. */
export function writing(path: string): ScriptedAnswer {
  return { toolCalls: [write(path, `export const here = ${JSON.stringify(path)};\n`)] };
}

/** A bot with a scripted model, an issue that `mira` labelled, and `max` who maintains. */
export interface SteeringWorld {
  readonly world: BotWorld;
  readonly model: ScriptedModel;
  readonly issue: number;
  close(): Promise<void>;
}

export async function openSteeringWorld(
  record: string,
  script: Script,
  options: Partial<WorldOptions> & { readonly begin?: 'label' | 'no' } = {},
): Promise<SteeringWorld> {
  const model = await startScriptedModel(script);
  const world = await openBotWorld({
    files: soundRepository,
    record,
    ...options,
    env: {
      ANTHROPIC_API_KEY: 'test-key',
      ANTHROPIC_BASE_URL: model.anthropicUrl,
      AGENT_MODELS: 'anthropic:scripted',
      ...options.env,
    },
  });
  world.addPerson('max', 'maintain');
  const issue = await world.fileIssue('Do something', 'Please.');
  if (options.begin !== 'no') await world.label(issue);
  return {
    world,
    model,
    issue,
    async close() {
      await world.close();
      await model.close();
    },
  };
}

/** Branches of the repository. */
export function branches({ hub }: BotWorld): readonly string[] {
  return [...hub.admin.repository('mira/thing').refs.keys()].filter((ref) => ref.startsWith('refs/heads/'));
}

/** Resolves when the run is parked for a person. */
export async function parked({ bot }: BotWorld): Promise<void> {
  for (;;) {
    const [run] = await bot.composition.store.runs.list({ limit: 1 });
    if (run?.state === 'parked') return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Resolves when the nth run (from 1) is closed: its end is told a moment before, and until then it counts as under way. */
export async function closed({ bot }: BotWorld, nth: number): Promise<void> {
  const { runs } = bot.composition.store;
  for (;;) {
    const over = (await runs.list({ limit: 50 })).filter(({ endedAt }) => endedAt !== null);
    if (over.length >= nth) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
