import type { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, openFixture } from './hub-fixture.ts';

const at = { owner: 'ada', repo: 'widgets' };

describe('CI at the hub', () => {
  let fixture: Fixture;
  let bot: Octokit;
  let sha: string;

  beforeAll(async () => {
    fixture = await openFixture();
    bot = fixture.api(await fixture.botToken());
    sha = fixture.hub.admin.repository('ada/widgets').refs.get('refs/heads/main') ?? '';
  });

  afterAll(() => fixture.close());

  it('runs workflows whose jobs are check runs, tells when they end, and keeps what was run again', async () => {
    const { admin } = fixture.hub;
    const { runId } = admin.startWorkflow('ada/widgets', { sha, name: 'Build it', jobs: ['unit', 'lint'] });
    const open = await bot.rest.actions.listWorkflowRunsForRepo({ ...at, head_sha: sha });
    expect(open.data.workflow_runs).toMatchObject([
      { id: runId, status: 'in_progress', conclusion: null, event: 'pull_request', run_attempt: 1 },
    ]);
    await admin.finishJob('ada/widgets', runId, { name: 'lint', conclusion: 'success' });
    expect(await fixture.webhooks('workflow_run.completed')).toHaveLength(0);
    await admin.finishJob('ada/widgets', runId, { name: 'unit', conclusion: 'failure', log: 'boom\n' });
    const [told] = await fixture.webhooks('workflow_run.completed');
    expect(told?.payload).toMatchObject({ workflow_run: { head_sha: sha, conclusion: 'failure' } });
    expect(await fixture.webhooks('check_suite.completed')).toHaveLength(1);

    admin.rerunJob('ada/widgets', runId, 'unit');
    await admin.finishJob('ada/widgets', runId, { name: 'unit', conclusion: 'success' });
    const listed = async (filter: 'all' | 'latest') =>
      (await bot.rest.checks.listForRef({ ...at, ref: sha, check_name: 'unit', filter })).data.check_runs.map(
        ({ conclusion }) => conclusion,
      );
    expect(await listed('latest')).toEqual(['success']);
    expect(await listed('all')).toEqual(['success', 'failure']);
    const again = await bot.rest.actions.listWorkflowRunsForRepo({ ...at, event: 'pull_request' });
    expect(again.data.workflow_runs[0]).toMatchObject({ run_attempt: 2, conclusion: 'success' });
    const none = await bot.rest.actions.listWorkflowRunsForRepo({ ...at, event: 'push' });
    expect(none.data.total_count).toBe(0);
  });

  it('sends on to the log of a job, to those who may read Actions', async () => {
    const { data } = await bot.rest.checks.listForRef({ ...at, ref: sha, check_name: 'unit', filter: 'all' });
    const failed = data.check_runs.find(({ conclusion }) => conclusion === 'failure');
    const log = await bot.rest.actions.downloadJobLogsForWorkflowRun({ ...at, job_id: failed?.id ?? 0 });
    expect(log.data).toBe('boom\n');
    await expect(bot.rest.actions.downloadJobLogsForWorkflowRun({ ...at, job_id: 1 })).rejects.toMatchObject({
      status: 404,
    });
  });

  it('names the checks that a ruleset or a protection demands', async () => {
    const rules = async () =>
      (await bot.request('GET /repos/{owner}/{repo}/rules/branches/{branch}', { ...at, branch: 'main' }))
        .data;
    expect(await rules()).toEqual([]);
    fixture.hub.admin.requireChecks('ada/widgets', 'main', ['unit']);
    expect(await rules()).toMatchObject([
      { type: 'required_status_checks', parameters: { required_status_checks: [{ context: 'unit' }] } },
    ]);
    fixture.hub.admin.protectBranch('ada/widgets', 'main', ['lint']);
    const { data } = await bot.rest.repos.getBranch({ ...at, branch: 'main' });
    expect(data.protection.required_status_checks?.contexts).toEqual(['lint']);
  });
});
