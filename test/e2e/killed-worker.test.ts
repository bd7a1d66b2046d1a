import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import { type HubStage, openHubStage } from '../support/hub-stage.ts';
import { soundRepository } from '../support/sample-repositories.ts';
import {
  type ScriptedAnswer,
  type ScriptedModel,
  type ScriptedRequest,
  startScriptedModel,
} from '../support/scripted-model.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');

/** By turn: what a second process asks again must get the same answer. */
const answers: readonly ScriptedAnswer[] = [
  {
    toolCalls: [
      {
        name: 'update_plan',
        input: { steps: [{ title: 'Add files', acceptance: 'They exist', status: 'open' }] },
      },
    ],
  },
  { text: 'Planned.' },
  { toolCalls: [{ name: 'write_file', input: { path: 'src/one.js', content: 'export const one = 1;\n' } }] },
  { toolCalls: [{ name: 'write_file', input: { path: 'src/two.js', content: 'export const two = 2;\n' } }] },
  { toolCalls: [{ name: 'finish', input: { summary: 'Both are there.', not_done: '' } }] },
];
const hangingTurn = 3;

describe('a bot whose process is killed in the middle of a model run', () => {
  let stage: HubStage | undefined;
  let model: ScriptedModel | undefined;
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) await kill(child);
    await stage?.close();
    await model?.close();
  });

  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** The real program, in a process of its own. Resolves when it serves. */
  async function startProcess(of: HubStage): Promise<ChildProcess> {
    const child = spawn(process.execPath, [main, 'start'], {
      cwd: of.stateDir.replace(/state$/, ''),
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...of.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    const output: string[] = [];
    const serving = Promise.withResolvers<string>();
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        output.push(line);
        const url = /listens on (http:\/\/127\.0\.0\.1:\d+);/.exec(line)?.[1];
        if (url !== undefined) serving.resolve(url);
      });
    }
    child.once('exit', (code) =>
      serving.reject(new Error(`the bot left with ${code}:\n${output.join('\n')}`)),
    );
    of.deliverTo(await serving.promise);
    return child;
  }

  async function journal(of: HubStage): Promise<readonly JournalEvent[]> {
    const client = new Client({ connectionString: of.env['DATABASE_URL'] });
    await client.connect();
    try {
      const { rows } = await client.query<{ event: string }>(
        'select event from pullwright.run_event order by run_id, seq',
      );
      return rows.map(({ event }) => JSON.parse(event) as JournalEvent);
    } finally {
      await client.end();
    }
  }

  it('is finished by another process: one pull request, one tracking comment, no turn twice', async () => {
    const hanging = Promise.withResolvers<void>();
    const killed = Promise.withResolvers<void>();
    let interrupted = 0;
    model = await startScriptedModel(async ({ turn }: ScriptedRequest) => {
      if (turn === hangingTurn && interrupted === 0) {
        interrupted += 1;
        hanging.resolve();
        await killed.promise;
      }
      return answers[turn] ?? { fault: 'http-400', message: 'no such turn' };
    });
    stage = await openHubStage({
      files: soundRepository,
      record: 'killed-worker',
      env: {
        ANTHROPIC_API_KEY: 'test-key',
        ANTHROPIC_BASE_URL: model.anthropicUrl,
        AGENT_MODELS: 'anthropic:scripted',
      },
    });
    const first = await startProcess(stage);
    stage.install();
    const issue = await stage.fileIssue('Add two files', 'Please.');
    await stage.label(issue);
    await hanging.promise;
    await kill(first);
    killed.resolve();
    await startProcess(stage);
    await stage.waitForComment(issue, /^## Done/m);

    const { data: pulls } = await stage
      .as('mira')
      .rest.pulls.list({ owner: 'mira', repo: 'thing', state: 'all' });
    expect(pulls.map(({ draft }) => draft)).toEqual([false]);
    const { data: files } = await stage
      .as('mira')
      .rest.pulls.listFiles({ owner: 'mira', repo: 'thing', pull_number: pulls[0]?.number ?? 0 });
    expect(files.map(({ filename }) => filename)).toEqual(['src/one.js', 'src/two.js']);
    expect(stage.botComments(issue)).toHaveLength(1);
    const turns = (await journal(stage)).flatMap((event) =>
      event.kind === 'turn.answered' ? [event.turn] : [],
    );
    expect(turns).toHaveLength(answers.length);
    expect(new Set(turns).size).toBe(answers.length);
    expect(model.requests.map(({ turn }) => turn)).toEqual([0, 1, 2, 3, 3, 4]);
  }, 180_000);

  it('has its review finished by another process: one review, no finding twice', async () => {
    const hanging = Promise.withResolvers<void>();
    const killed = Promise.withResolvers<void>();
    let interrupted = 0;
    const claim = { severity: 'note', claim: 'Two would do.', quote: 'export const one = 1;' };
    model = await startScriptedModel(async ({ turn }: ScriptedRequest) => {
      if (turn === 0)
        return { toolCalls: [{ name: 'report_finding', input: { path: 'src/one.js', line: 1, ...claim } }] };
      if (interrupted === 0) {
        interrupted += 1;
        hanging.resolve();
        await killed.promise;
      }
      return { toolCalls: [{ name: 'finish', input: { summary: 'Adds a number.', not_done: '' } }] };
    });
    stage = await openHubStage({
      files: soundRepository,
      record: 'killed-reviewer',
      env: {
        ANTHROPIC_API_KEY: 'test-key',
        ANTHROPIC_BASE_URL: model.anthropicUrl,
        AGENT_MODELS: 'anthropic:scripted',
      },
    });
    const first = await startProcess(stage);
    stage.install();
    const { number } = await stage.openPull({
      branch: 'one',
      files: { 'src/one.js': 'export const one = 1;\n' },
      title: 'Add one',
      body: '',
    });
    await stage.comment(number, '/agent review');
    await hanging.promise;
    await kill(first);
    killed.resolve();
    await startProcess(stage);
    await stage.waitForComment(number, /^## Done/m);

    const { pull } = stage.hub.admin.issue('mira/thing', number);
    expect(pull?.reviews.map(({ state }) => state)).toEqual(['COMMENTED']);
    expect(pull?.reviewComments.map(({ body }) => body.split('Two would do.').length)).toEqual([2]);
    const events = await journal(stage);
    expect(events.filter(({ kind }) => kind === 'finding.proposed')).toHaveLength(1);
    expect(events.filter(({ kind }) => kind === 'gate.judged').length).toBe(
      new Set(events.flatMap((event) => (event.kind === 'gate.judged' ? [event.verdict.gate] : []))).size,
    );
    expect(model.requests.map(({ turn }) => turn)).toEqual([0, 1, 1]);
  }, 180_000);
});
