import { Client } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import { type BotProcess, startBotProcess } from '../support/bot-process.ts';
import { mendingModel, pullOf } from '../support/ci-world.ts';
import { type HubStage, openHubStage } from '../support/hub-stage.ts';
import { soundRepository } from '../support/sample-repositories.ts';
import { type ScriptedModel, startScriptedModel } from '../support/scripted-model.ts';

describe('a bot that is killed while its run waits for the checks of others', () => {
  let stage: HubStage | undefined;
  let model: ScriptedModel | undefined;
  const bots: BotProcess[] = [];
  afterEach(async () => {
    for (const bot of bots.splice(0)) await kill(bot);
    await stage?.close();
    await model?.close();
  });

  async function kill(bot: BotProcess): Promise<void> {
    if (bot.child.exitCode !== null || bot.child.signalCode !== null) return;
    bot.signal('SIGKILL');
    await bot.exited;
  }

  async function start(of: HubStage): Promise<BotProcess> {
    const bot = await startBotProcess(of.env);
    bots.push(bot);
    of.deliverTo(bot.url);
    return bot;
  }

  async function kinds(of: HubStage): Promise<readonly JournalEvent['kind'][]> {
    const client = new Client({ connectionString: of.env['DATABASE_URL'] });
    await client.connect();
    try {
      const { rows } = await client.query<{ event: string }>(
        'select event from pullwright.run_event order by run_id, seq',
      );
      return rows.map(({ event }) => (JSON.parse(event) as JournalEvent).kind);
    } finally {
      await client.end();
    }
  }

  it('is gone on for by another one, although nobody heard that they ended', async () => {
    model = await startScriptedModel(mendingModel(['export const extra = 1;\n']));
    stage = await openHubStage({
      files: soundRepository,
      record: 'ci-killed',
      env: {
        ANTHROPIC_API_KEY: 'test-key',
        ANTHROPIC_BASE_URL: model.anthropicUrl,
        AGENT_MODELS: 'anthropic:scripted',
        CI_GRACE_SECONDS: '0',
      },
    });
    const { admin } = stage.hub;
    admin.requireChecks('mira/thing', 'main', ['unit']);
    const first = await start(stage);
    stage.install();
    const issue = await stage.fileIssue('Add a file', 'Please.');
    await stage.label(issue);
    await stage.waitForComment(issue, /^## Waiting for the checks of others/m);
    const of = stage;
    await expect.poll(() => kinds(of), { timeout: 60_000 }).toContain('run.parked');
    await kill(first);
    const sha = (await pullOf({ world: stage })).head.sha;
    const { runId } = admin.startWorkflow('mira/thing', { sha, name: 'CI', jobs: ['unit'] });
    await admin.finishJob('mira/thing', runId, { name: 'unit', conclusion: 'success' });
    await admin.deliveriesIdle();

    await start(stage);
    // GitHub's log of deliveries is compared when the bot starts: what was lost comes back.
    await stage.waitForComment(issue, /^## Done/m);
    expect((await pullOf({ world: stage })).draft).toBe(false);
    expect(stage.botComments(issue)).toHaveLength(1);
    const journal = await kinds(stage);
    expect(journal.filter((kind) => kind === 'checks.judged')).toHaveLength(1);
    expect(journal.filter((kind) => kind === 'commit.made')).toHaveLength(1);
  }, 240_000);
});
