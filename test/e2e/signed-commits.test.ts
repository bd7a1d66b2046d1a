import { afterEach, describe, expect, it } from 'vitest';
import { type BotWorld, openBotWorld } from '../support/bot-world.ts';
import { soundRepository } from '../support/sample-repositories.ts';
import { type ScriptedModel, startScriptedModel } from '../support/scripted-model.ts';

const runMs = 120_000;
const at = { owner: 'mira', repo: 'thing' };

describe('the commit of a run', () => {
  let world: BotWorld | undefined;
  let model: ScriptedModel | undefined;
  afterEach(async () => {
    await world?.close();
    await model?.close();
    world = undefined;
    model = undefined;
  });

  async function runCommand(command: string, env: Readonly<Record<string, string>>, record: string) {
    const done = { toolCalls: [{ name: 'finish', input: { summary: 'Done.', not_done: '' } }] };
    const steps = [{ title: 'Change files', acceptance: 'they are changed', status: 'open' }];
    const answers = [
      { toolCalls: [{ name: 'update_plan', input: { steps } }] },
      { text: 'Do it.' },
      { toolCalls: [{ name: 'run', input: { command } }] },
    ];
    model = await startScriptedModel(({ turn }) => answers[turn] ?? done);
    world = await openBotWorld({
      files: soundRepository,
      record,
      env: {
        ANTHROPIC_API_KEY: 'test-key',
        ANTHROPIC_BASE_URL: model.anthropicUrl,
        AGENT_MODELS: 'anthropic:scripted',
        ...env,
      },
    });
    const issue = await world.fileIssue('Change files', 'Please.');
    await world.label(issue, 'wim');
    expect(await world.ended()).toMatchObject({ state: 'published' });
    await world.waitForComment(issue, /^## Done/m);
    const { rest } = world.as('mira');
    const { data: pulls } = await rest.pulls.list(at);
    const head = pulls[0]?.head.sha ?? '';
    const { data: commit } = await rest.git.getCommit({ ...at, commit_sha: head });
    const { data: tree } = await rest.git.getTree({ ...at, tree_sha: head, recursive: 'true' });
    return { body: pulls[0]?.body ?? '', commit, entries: tree.tree.map(({ path, mode }) => [path, mode]) };
  }

  it(
    'is signed by GitHub in the name of the App, with the person as co-author, and carries modes, links and bytes',
    async () => {
      const command =
        'printf "a\\0b" > data.bin; printf "#!/bin/sh\\n" > run.sh; chmod +x run.sh; ln -s run.sh go; git rm -q README.md 2>/dev/null || rm -f README.md';
      const { body, commit, entries } = await runCommand(command, {}, 'signed-commit');
      expect(commit.verification).toMatchObject({ verified: true, reason: 'valid' });
      expect(commit.author.name).toBe('pullwright[bot]');
      expect(commit.message).toMatch(/^Change files\n/);
      expect(commit.message).toMatch(/^Co-authored-by: wim </m);
      expect(entries).toEqual(
        expect.arrayContaining([
          ['data.bin', '100644'],
          ['run.sh', '100755'],
          ['go', '120000'],
        ]),
      );
      expect(body).not.toContain('pushed with git');
    },
    runMs,
  );

  it(
    'is pushed with git where the API cannot carry it, and the pull request says so',
    async () => {
      const command = 'for n in $(seq 1 301); do echo $n > many-$n.txt; done';
      const { body, commit, entries } = await runCommand(command, {}, 'unsigned-commit');
      expect(commit.verification.verified).toBe(false);
      expect(entries.filter(([path]) => path?.startsWith('many-'))).toHaveLength(301);
      expect(body).toMatch(/pushed with git and is not signed by GitHub: 301 files were changed/);
    },
    runMs,
  );
});
