import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSources } from '../../src/domain/checks.ts';
import type { RepositoryAddress } from '../../src/domain/forge.ts';
import type { CommitId } from '../../src/domain/ids.ts';
import { toWorkflowResult } from '../../src/github/check-results.ts';
import type { Forge } from '../../src/github/create-forge.ts';
import { readLogEnd } from '../../src/github/read-log-end.ts';
import type { Hub } from '../../src/hub/start-hub.ts';
import { type HubForge, openHubForge } from '../support/hub-forge.ts';

const repository = 'octo/hello';
const name = { owner: 'octo', repo: 'hello' };

describe('what others report, read from the local GitHub', () => {
  let opened: HubForge;
  let hub: Hub;
  let forge: Forge;
  let person: Octokit;
  let at: RepositoryAddress;
  let sha: CommitId;

  beforeAll(async () => {
    opened = await openHubForge({
      files: { 'README.md': 'hello\n' },
      permissions: {
        contents: 'read',
        issues: 'read',
        pull_requests: 'read',
        checks: 'write',
        statuses: 'read',
        actions: 'read',
        metadata: 'read',
      },
    });
    ({ hub, forge, octo: person, at } = opened);
    sha = (hub.admin.repository(repository).refs.get('refs/heads/main') ?? '') as CommitId;
  });

  afterAll(async () => await opened.close());

  it('is every result with its state, oldest first, also those that were replaced', async () => {
    const { runId } = hub.admin.startWorkflow(repository, { sha, name: 'CI', jobs: ['unit', 'lint'] });
    await hub.admin.finishJob(repository, runId, { name: 'unit', conclusion: 'failure' });
    await person.rest.repos.createCommitStatus({ ...name, sha, state: 'pending', context: 'deploy' });
    await person.rest.repos.createCommitStatus({ ...name, sha, state: 'error', context: 'deploy' });
    hub.admin.rerunJob(repository, runId, 'unit');
    await hub.admin.finishJob(repository, runId, { name: 'unit', conclusion: 'success' });
    const results = await forge.checks.results(at, sha, checkSources);
    const shown = (kind: string) =>
      results.filter((one) => one.kind === kind).map((one) => [one.name, one.state, one.isJob]);
    expect(shown('run')).toEqual([
      ['unit', 'red', true],
      ['lint', 'open', true],
      ['unit', 'green', true],
    ]);
    expect(shown('status')).toEqual([
      ['deploy', 'open', false],
      ['deploy', 'red', false],
    ]);
    expect(shown('workflow')).toEqual([['CI', 'open', false]]);
    expect(new Set(results.filter((one) => one.name === 'unit').map(({ series }) => series)).size).toBe(1);
    expect(await forge.checks.runsOnPulls(at)).toBe(true);
    await hub.admin.finishJob(repository, runId, { name: 'lint', conclusion: 'skipped' });
  });

  it('is read from the sources that are named, with a token that can read nothing else', async () => {
    const results = await forge.checks.results(at, sha, ['statuses']);
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['status']));
    const [last] = hub.admin.tokenLog().slice(-1);
    expect(last?.permissions).toEqual({ metadata: 'read', statuses: 'read' });
  });

  it('has the names that rulesets and protection demand, each once', async () => {
    expect(await forge.checks.required(at, 'main')).toEqual([]);
    hub.admin.requireChecks(repository, 'main', ['unit', 'e2e']);
    hub.admin.protectBranch(repository, 'main', ['unit', 'lint']);
    expect(await forge.checks.required(at, 'main')).toEqual(['unit', 'e2e', 'lint']);
    expect(await forge.checks.required(at, 'gone')).toEqual([]);
  });

  it('has no demands where GitHub does not show them, as on a free plan', async () => {
    const failure = { status: 403, body: { message: 'Upgrade to GitHub Pro' } } as const;
    hub.admin.faults.plant({ path: /\/rules\/branches\//, times: 1, failure, when: 'before' });
    expect(await forge.checks.required(at, 'main')).toEqual(['unit', 'lint']);
  });

  it('has the words of a failed job: output, annotations and the end of its log', async () => {
    const { runId } = hub.admin.startWorkflow(repository, { sha, name: 'Words', jobs: ['talk'] });
    await hub.admin.finishJob(repository, runId, {
      name: 'talk',
      conclusion: 'failure',
      log: `${'x'.repeat(300_000)}THE-END\n`,
      output: { title: '1 failed', summary: 'a summary', text: 'a text' },
      annotations: [
        { path: 'a.js', start_line: 3, end_line: 3, annotation_level: 'failure', message: 'is 1' },
      ],
    });
    const found = (await forge.checks.results(at, sha, ['checks'])).find((one) => one.name === 'talk');
    if (!found) throw new Error('no check');
    const words = await forge.checks.words(at, found, checkSources);
    expect(words.title).toBe('1 failed');
    expect(words.text).toBe('a summary\n\na text\n\na.js:3: is 1');
    expect(words.log).toMatch(/^x+THE-END\n$/);
    expect(words.log.length).toBeLessThan(200_000);
    expect((await forge.checks.words(at, found, ['checks'])).log).toBe('');
  });
});

describe('a log', () => {
  it('that cannot be read is empty', async () => {
    const server = createServer((_, response) => response.writeHead(302, { location: '/again' }).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await readLogEnd(`http://127.0.0.1:${port}/`)).toBe('');
    await new Promise((resolve) => server.close(resolve));
    expect(await readLogEnd(`http://127.0.0.1:${port}/`)).toBe('');
    expect(await readLogEnd('file:///etc/passwd')).toBe('');
    expect(await readLogEnd('')).toBe('');
  });
});

describe('a workflow run', () => {
  const run = { id: 1, name: 'CI', path: '.github/workflows/ci.yml', html_url: '', status: 'completed' };
  it.each([
    ['is its jobs, which are check runs', 'failure', false, 'green'],
    ['stands for its jobs where check runs may not be read', 'failure', true, 'red'],
    ['has no result where it could not start', 'startup_failure', false, 'void'],
    ['has no result where somebody has to let it run', 'action_required', false, 'void'],
  ] as const)('%s', (_, conclusion, alone, state) => {
    expect(toWorkflowResult({ ...run, conclusion }, alone).state).toBe(state);
  });
});
