import { gzipSync } from 'node:zlib';
import type { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, openFixture } from './hub-fixture.ts';

const at = { owner: 'ada', repo: 'widgets' };
const packed = (log: unknown): string => gzipSync(JSON.stringify(log)).toString('base64');
const log = (results: number, category = 'pullwright/') => ({
  version: '2.1.0',
  runs: [
    {
      tool: { driver: { name: 'Pullwright', rules: [] } },
      automationDetails: { id: category },
      results: Array.from({ length: results }, () => ({
        ruleId: 'r',
        message: { text: 'm' },
        locations: [
          { physicalLocation: { artifactLocation: { uri: 'README.md' }, region: { startLine: 1 } } },
        ],
      })),
    },
  ],
});

describe('code scanning at the hub', () => {
  let fixture: Fixture;
  let bot: Octokit;
  let sha: string;

  beforeAll(async () => {
    fixture = await openFixture();
    bot = fixture.api(await fixture.botToken());
    sha = fixture.hub.admin.repository('ada/widgets').refs.get('refs/heads/main') ?? '';
  });

  afterAll(() => fixture.close());

  const upload = (sarif: string, more: Readonly<Record<string, string>> = {}) =>
    bot.rest.codeScanning.uploadSarif({ ...at, commit_sha: sha, ref: 'refs/heads/main', sarif, ...more });

  it('takes a log, says what became of it, and replaces one of the same commit and category', async () => {
    const { data, status } = await upload(packed(log(2)));
    expect(status).toBe(202);
    const { data: state } = await bot.rest.codeScanning.getSarif({ ...at, sarif_id: data.id ?? '' });
    expect(state).toMatchObject({ processing_status: 'complete', errors: null });
    await upload(packed(log(1)));
    await upload(packed(log(3, 'other/')));
    const kept = fixture.hub.admin.repository('ada/widgets').sarifs;
    expect(kept.map(({ category, results }) => [category, results.length])).toEqual([
      ['pullwright/', 1],
      ['other/', 3],
    ]);
    await expect(bot.rest.codeScanning.getSarif({ ...at, sarif_id: data.id ?? '' })).rejects.toMatchObject({
      status: 404,
    });
  });

  it.each([
    ['an unknown commit', { commit_sha: 'a'.repeat(40) }, 422],
    ['no full ref', { ref: 'main' }, 422],
    ['no gzip', { sarif: Buffer.from('{}').toString('base64') }, 400],
    ['another version', { sarif: packed({ ...log(1), version: '1.0.0' }) }, 400],
  ])('refuses %s', async (_, more, status) => {
    await expect(upload(packed(log(1)), more)).rejects.toMatchObject({ status });
  });

  it('is forbidden where it is not switched on', async () => {
    const repository = fixture.hub.admin.repository('ada/widgets');
    repository.codeScanning = false;
    await expect(upload(packed(log(1)))).rejects.toMatchObject({ status: 403 });
    repository.codeScanning = true;
  });
});
