import type { HubStage } from '../../support/hub-stage.ts';
import { soundRepository } from '../../support/sample-repositories.ts';
import type { ScriptedAnswer } from '../../support/scripted-model.ts';
import type { Scenario } from '../scenario.ts';
import { answers, done, edit, labelIssue, plan, planned, small, smallEdit } from '../script-parts.ts';

/** The summary names a file that was not changed: a model that has not seen the conversation is asked about it. */
export const claims: Scenario = {
  name: 'a claim that the evidence contradicts',
  files: soundRepository,
  answer({ turn, body }) {
    if (JSON.stringify(body).includes('You compare sentences')) return { text: 'The sentence is wrong.' };
    const summary = 'Asked otherwise. Updated `docs/odd.md`.';
    const claimed = { toolCalls: [{ name: 'finish', input: { summary, not_done: '' } }] };
    return [plan, planned, smallEdit][turn] ?? claimed;
  },
  begin: labelIssue,
};

/** A turn of the priced model is set aside with about $0.17, and this one costs half a dollar. */
const costly: ScriptedAnswer = { ...smallEdit, usage: { outputTokens: 50_000 } };

/** What there is stands in a draft and waits until a maintainer gives the run more; then it goes on where it stopped. */
export const budget: Scenario = {
  name: 'a budget that is used up',
  files: soundRepository,
  env: { AGENT_MODELS: 'anthropic:claude-sonnet-5-5', AGENT_BUDGET_USD: '0.6', AGENT_BUDGET_MAX_USD: '3' },
  answer: answers(plan, planned, costly, edit(small, 'number % 2 < 1'), done),
  begin: labelIssue,
  reactions: [{ after: 'wait.begun', act: (stage) => stage.comment(1, '/agent budget 2') }],
};

/** CI is red at the first commit because of it, and green at the second. */
export const redChecks: Scenario = {
  name: 'CI goes red and is mended',
  files: soundRepository,
  env: { CI_GRACE_SECONDS: '0' },
  answer: answers(plan, planned, smallEdit, done, edit(small, 'number % 2 < 1'), done),
  async begin(stage) {
    stage.hub.admin.requireChecks(stage.repository, 'main', ['unit']);
    await labelIssue(stage);
  },
  reactions: [
    { after: 'wait.begun', act: (stage) => endUnit(stage, 'failure') },
    { after: 'wait.begun', nth: 2, act: (stage) => endUnit(stage, 'success') },
  ],
};

/** The job `unit` ends at the head of the bot's pull request. */
async function endUnit({ hub, repository }: HubStage, conclusion: string): Promise<void> {
  const sha = hub.admin.issue(repository, 2).pull?.headSha ?? '';
  const { runId } = hub.admin.startWorkflow(repository, { sha, name: 'CI', jobs: ['unit'] });
  const log = '2026-11-01T10:00:00.0000000Z assertion: isOdd(3) is true\n';
  await hub.admin.finishJob(repository, runId, { name: 'unit', conclusion, log });
}
