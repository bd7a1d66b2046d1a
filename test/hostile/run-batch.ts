import type { AgentTask } from '../../src/agent/agent-task.ts';
import type { Remark } from '../../src/domain/discussion.ts';
import type { Verdict } from '../../src/domain/gate.ts';
import type { TreeId } from '../../src/domain/ids.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import type { Run } from '../../src/domain/run.ts';
import { openHarness } from '../agent/agent-harness.ts';
import { createObeyingModel } from '../support/obeying-model.ts';
import { ada, commentEvent } from '../support/payloads.ts';
import { openScratchWorkspace } from '../support/scratch-workspace.ts';
import { triggerWorld } from '../triggers/trigger-world.ts';
import { exploration, generateTexts, type HostileText, hostileRepository, textsOf } from './channel-texts.ts';
import { seeded } from './generate-wishes.ts';
import { type Published, publishAll } from './publish-all.ts';

/** What came of a hundred texts in one run. */
export interface Batch {
  readonly texts: readonly HostileText[];
  readonly seen: ReadonlySet<string>;
  readonly obeyed: ReadonlySet<string>;
  /** Requests that the model answered. */
  readonly answers: number;
  readonly toolOutputs: readonly string[];
  readonly requests: readonly string[];
  readonly published: Published;
}

/**
 * The real path of text through one process: stored payload, triggers, prompt, wire protocol, agent loop, tools in a
 * real sandbox, journal, record, output filter, effects. Not real: GitHub and Postgres (memory), the commit, the gates.
 */
export async function runBatch(seed: number): Promise<Batch> {
  const texts = generateTexts(seeded(seed), seed * 100);
  const run = await triggeredRun(texts);
  const model = createObeyingModel(exploration);
  const scratch = await openScratchWorkspace(hostileRepository(texts));
  const harness = await openHarness(model.script, { scratch });
  try {
    const subject: Run = { ...run, id: harness.lease.runId };
    const task = taskOf(subject, texts);
    const planned = await harness.run({ run: subject, task, phase: 'plan' });
    const outcome = await harness.run({ run: subject, task, phase: 'implement' });
    const events = harness.store.entries.map(({ event }) => event);
    const published = await publishAll(subject, [...events, ...verdictsOn(texts)], { planned, outcome });
    return {
      texts,
      seen: model.seen(),
      obeyed: model.obeyed,
      answers: model.answers(),
      toolOutputs: events.flatMap((event) => (event.kind === 'tool.returned' ? [event.output] : [])),
      requests: harness.model.requests.map(({ body }) => JSON.stringify(body)),
      published,
    };
  } finally {
    await harness.close();
    await scratch.close();
  }
}

/** A run as the triggers make it from a delivery and a discussion. */
async function triggeredRun(texts: readonly HostileText[]): Promise<Run> {
  const world = triggerWorld();
  world.forge.remarks = [
    ...textsOf(texts, 'comment').map((body) => remark('comment', body)),
    ...textsOf(texts, 'review').map((body) => remark('review', body)),
  ];
  const command = commentEvent(`/agent fix this\n${textsOf(texts, 'command').join('\n\n')}`);
  const payload = structuredClone(command.payload) as {
    issue: { title: string; body: string };
    comment: { created_at?: string };
  };
  payload.issue.title = textsOf(texts, 'title').join(' ');
  payload.issue.body = textsOf(texts, 'body').join('\n\n');
  payload.comment.created_at = '2026-03-01T09:00:00Z';
  await world.process({ ...command, payload });
  const [run] = world.runs.all;
  if (!run) throw new Error('no run was started');
  return { ...run, state: 'running', epoch: 1 };
}

function remark(kind: Remark['kind'], body: string): Remark {
  const writtenAt = new Date('2026-03-01T08:00:00Z');
  const author = { ...ada, type: 'User' } as const;
  return { kind, author, body, path: null, writtenAt, lastEditedAt: null, minimised: false };
}

function taskOf({ input, repository }: Run, texts: readonly HostileText[]): AgentTask {
  return {
    title: input.title,
    body: input.body,
    instruction: input.instruction,
    remarks: (input.remarks ?? []).map(({ kind, login, text }) => ({ heading: `${kind} by ${login}`, text })),
    author: input.author.login,
    repository: {
      name: `${repository.owner}/${repository.name}`,
      baseBranch: 'main',
      languages: ['JavaScript'],
      commands: ['test: sh test.sh'],
    },
    instructionFiles: [],
    baseline: textsOf(texts, 'test output').join('\n'),
    feedback: null,
  };
}

/** A verdict whose words a test report and a compiler wrote. */
function verdictsOn(texts: readonly HostileText[]): readonly JournalEvent[] {
  const outputs = [...textsOf(texts, 'test output'), ...textsOf(texts, 'compiler error')];
  const verdict: Verdict = {
    gate: 'tests',
    status: 'fail',
    blocking: true,
    treeId: 'd'.repeat(40) as TreeId,
    summary: outputs.join(' '),
    evidence: outputs.map((text) => ({ command: text, base: text, head: text, durationMs: 5 })),
    findings: outputs.map((text, index) => ({
      rule: text,
      path: `names/${text}.js`,
      line: 1,
      message: text,
      level: 'error',
      identity: `finding-${index}`,
    })),
    feedback: outputs.join('\n'),
    details: { newlyFailing: outputs, stillFailing: outputs },
  };
  return [{ kind: 'gate.judged', round: 1, verdict }];
}
