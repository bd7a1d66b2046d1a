import { afterEach, describe, expect, it } from 'vitest';
import { type BotWorld, openBotWorld, type WorldOptions } from '../support/bot-world.ts';
import { javascriptBug, soundRepository } from '../support/sample-repositories.ts';
import {
  type Script,
  type ScriptedAnswer,
  type ScriptedModel,
  type ScriptedToolCall,
  startScriptedModel,
} from '../support/scripted-model.ts';

const runMs = 120_000;
const at = { owner: 'mira', repo: 'thing' };

const planned: readonly ScriptedAnswer[] = [
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
const write = (path: string, content: string): ScriptedToolCall => ({
  name: 'write_file',
  input: { path, content },
});
const run = (command: string): ScriptedToolCall => ({ name: 'run', input: { command } });
const finish: ScriptedAnswer = {
  toolCalls: [{ name: 'finish', input: { summary: 'All is well.', not_done: '' } }],
};
/** Looks like a token and is none: it has the shape and no owner. */
const token = `ghp_${'aB3dE6gH9'.repeat(4)}`;

describe('a model that means harm or is broken', () => {
  let world: BotWorld | undefined;
  let model: ScriptedModel | undefined;
  afterEach(async () => {
    await world?.close();
    await model?.close();
    world = undefined;
    model = undefined;
  });

  async function open(
    record: string,
    script: Script,
    options: Partial<WorldOptions> = {},
  ): Promise<{ readonly world: BotWorld; readonly issue: number }> {
    model = await startScriptedModel(script);
    world = await openBotWorld({
      files: soundRepository,
      record: `hostile-${record}`,
      ...options,
      env: {
        ANTHROPIC_API_KEY: 'test-key-that-must-not-leak',
        ANTHROPIC_BASE_URL: model.anthropicUrl,
        AGENT_MODELS: 'anthropic:scripted',
        ...options.env,
      },
    });
    const issue = await world.fileIssue('Do something', 'Please.');
    await world.label(issue);
    return { world, issue };
  }

  function results(
    of: BotWorld,
  ): readonly { readonly ok: boolean; readonly output: string; readonly tool: string }[] {
    return of.events.flatMap((event) => (event.kind === 'tool.returned' ? [event] : []));
  }

  async function pulls(of: BotWorld) {
    return (await of.as('mira').rest.pulls.list({ ...at, state: 'all' })).data;
  }

  function branches(of: BotWorld): readonly string[] {
    return [...of.hub.admin.repository('mira/thing').refs.keys()].filter((ref) =>
      ref.startsWith('refs/heads/'),
    );
  }

  it(
    'gets error results for unknown tools, bad JSON, paths outside and git hooks, and nothing of ours to read',
    async () => {
      const script: Script = [
        ...planned,
        {
          toolCalls: [
            { name: 'merge_pull_request', input: { number: 1 } },
            { name: 'read_file', raw: '{"path": "src/ran' },
            { name: 'read_file', input: { path: '../../etc/passwd' } },
            { name: 'read_file', input: { path: 7 } },
            write('/etc/cron.d/x', 'x'),
            write('.git/hooks/pre-commit', '#!/bin/sh\ntouch /tmp/owned\n'),
          ],
        },
        {
          toolCalls: [
            run('ln -s / root; cat root/etc/shadow'),
            run('env; cat /proc/1/environ /proc/self/environ | tr "\\0" "\\n"'),
            run('curl -sS -m 3 http://169.254.169.254/ || getent hosts example.org || echo no network'),
          ],
        },
        { toolCalls: [run('rm -f root'), write('src/extra.js', 'export const extra = 1;\n')] },
        finish,
      ];
      const opened = await open('calls', script);
      expect(await opened.world.ended()).toMatchObject({ state: 'published' });
      const returned = results(opened.world).filter(({ tool }) => tool !== 'update_plan');
      expect(returned.slice(0, 5).map(({ ok }) => ok)).toEqual([false, false, false, false, false]);
      expect(returned[0]?.output).toMatch(/merge_pull_request/);
      const everything = JSON.stringify(opened.world.events);
      expect(everything).not.toContain('test-key-that-must-not-leak');
      expect(everything).not.toContain('BEGIN RSA PRIVATE KEY');
      expect(everything).not.toContain(opened.world.env['WEBHOOK_SECRET']);
      expect(everything).toContain('no network');
      const [pull] = await pulls(opened.world);
      const { data: files } = await opened.world
        .as('mira')
        .rest.pulls.listFiles({ ...at, pull_number: pull?.number ?? 0 });
      expect(files.map(({ filename }) => filename)).toEqual(['src/extra.js']);
    },
    runMs,
  );

  it(
    'is stopped when it goes round in circles, and the refusal says so',
    async () => {
      const opened = await open('loop', ({ turn }) =>
        turn < planned.length ? (planned[turn] ?? finish) : { toolCalls: [run('ls')] },
      );
      expect(await opened.world.ended()).toMatchObject({ state: 'refused' });
      expect(await opened.world.waitForComment(opened.issue, /^## Not done/m)).toMatch(
        /round in circles|repeated/,
      );
      expect(branches(opened.world)).toEqual(['refs/heads/main']);
    },
    runMs,
  );

  it(
    'is stopped when its calls never make sense, and the refusal says so',
    async () => {
      const opened = await open('malformed', ({ turn, index }) =>
        turn < planned.length
          ? (planned[turn] ?? finish)
          : { toolCalls: [{ name: `tool_${index}`, raw: `{"n": ${index}` }] },
      );
      expect(await opened.world.ended()).toMatchObject({ state: 'refused' });
      expect(await opened.world.waitForComment(opened.issue, /^## Not done/m)).toMatch(/calls that/);
    },
    runMs,
  );

  it.each([
    ['turns', { limits: { turnsMax: 5 } }, /^## Done/m, /limit of turns/],
    [
      'budget',
      { env: { AGENT_BUDGET_USD: '1', AGENT_MODELS: 'anthropic:claude-sonnet-4-5' } },
      /^## Waiting/m,
      /budget/i,
    ],
  ])(
    'has its partial work pushed as a draft that says so when its limit of %s is reached',
    async (name, options, heading, words) => {
      const opened = await open(
        `limit-${name}`,
        ({ turn, index }) => ({
          ...(turn < planned.length
            ? planned[turn]
            : { toolCalls: [write(`src/part-${index}.js`, `export const part = ${index};\n`)] }),
          usage: { inputTokens: 1_000, outputTokens: 10_000 },
        }),
        options,
      );
      const comment = await opened.world.waitForComment(opened.issue, heading);
      expect(comment).toMatch(/draft/);
      const [pull] = await pulls(opened.world);
      expect(pull?.draft).toBe(true);
      expect(pull?.body).toMatch(words);
    },
    runMs,
  );

  it(
    'gets no secret into a branch: nothing is pushed, and the place is named without the value',
    async () => {
      const opened = await open(
        'secret',
        [
          ...planned,
          { toolCalls: [write('src/config.js', `// settings\nexport const token = '${token}';\n`)] },
          finish,
        ],
        { limits: { roundsMax: 1 } },
      );
      expect(await opened.world.ended()).toMatchObject({ state: 'refused' });
      const comment = await opened.world.waitForComment(opened.issue, /^## Not done/m);
      expect(comment).toMatch(/src\/config\.js.*line 2/);
      expect(comment).toMatch(/nothing was pushed/);
      expect(comment).not.toContain(token);
      expect(branches(opened.world)).toEqual(['refs/heads/main']);
      expect(await pulls(opened.world)).toEqual([]);
    },
    runMs,
  );

  it(
    'is told of the secret and may take it out again',
    async () => {
      const opened = await open('secret-removed', ({ turn, lastText }) => {
        if (turn < planned.length) return planned[turn] ?? finish;
        if (lastText.includes('possible secret'))
          return {
            toolCalls: [write('src/config.js', "export const token = process.env['TOKEN'];\n")],
          };
        if (/Wrote|wrote/.test(lastText)) return finish;
        return { toolCalls: [write('src/config.js', `export const token = '${token}';\n`)] };
      });
      expect(await opened.world.ended()).toMatchObject({ state: 'published' });
      const [pull] = await pulls(opened.world);
      const { data: files } = await opened.world
        .as('mira')
        .rest.pulls.listFiles({ ...at, pull_number: pull?.number ?? 0 });
      expect(JSON.stringify(files)).not.toContain(token);
      expect(pull?.draft).toBe(false);
    },
    runMs,
  );

  it(
    'that is overloaded all the time gives way to the next one, which goes on with the same conversation',
    async () => {
      const overloaded = await startScriptedModel(({ turn }) =>
        turn < planned.length ? (planned[turn] ?? finish) : { fault: 'http-529' },
      );
      try {
        const opened = await open(
          'fallback',
          [
            { toolCalls: [write('src/extra.js', 'export const extra = 1;\n')], model: 'second' },
            { ...finish, model: 'second' },
          ],
          {
            env: {
              AGENT_MODELS: 'openai:first,anthropic:second',
              OPENAI_API_KEY: 'other-key',
              OPENAI_BASE_URL: overloaded.openaiUrl,
            },
          },
        );
        expect(await opened.world.ended()).toMatchObject({ state: 'published' });
        const failed = opened.world.events.filter((event) => event.kind === 'model.failed');
        expect(failed.length).toBeGreaterThan(0);
        expect(failed.every(({ model: name }) => name === 'openai:first')).toBe(true);
        const answered = opened.world.events.flatMap((event) =>
          event.kind === 'turn.answered' ? [event] : [],
        );
        expect(answered.map(({ turn }) => turn)).toEqual(
          [...answered.keys()].map((index) => index + (answered[0]?.turn ?? 0)),
        );
        expect(model?.requests[0]?.turn).toBe(planned.length);
        expect(JSON.stringify(model?.requests[0]?.body)).toContain('Planned.');
        const [pull] = await pulls(opened.world);
        expect(pull?.draft).toBe(false);
        expect(pull?.body).toMatch(/second/);
      } finally {
        await overloaded.close();
      }
    },
    runMs,
  );

  it(
    'with nobody left to answer leaves a bug with a failing test to the repair engine',
    async () => {
      const opened = await open('all-down', () => ({ fault: 'http-529' }), { files: javascriptBug });
      expect(await opened.world.ended()).toMatchObject({ state: 'published' });
      const [pull] = await pulls(opened.world);
      expect(pull?.body).toMatch(/repair engine/i);
    },
    runMs,
  );
});
