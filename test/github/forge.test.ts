import { generateKeyPairSync } from 'node:crypto';
import { inspect, isDeepStrictEqual } from 'node:util';
import nock from 'nock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CommitId, PublishableText, RunId } from '../../src/domain/ids.ts';
import { createForge, type Forge } from '../../src/github/create-forge.ts';
import type { OpaqueToken } from '../../src/github/secret-token.ts';
import { InstantClock } from '../support/instant-clock.ts';
import { RecordingLog } from '../support/recording-log.ts';

const origin = 'http://github.test';
const at = { installationId: 5, repositoryId: 42, owner: 'octo', name: 'hello' };
const repository = '/api/v3/repos/octo/hello';
const secret = `ghs_7_${'eyJ'.repeat(160)}`;
const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString();

let forge: Forge;
let clock: InstantClock;
let api: nock.Scope;
let unexpected: string[];

const noteUnexpected = (request: { path?: string; method?: string }): void => {
  unexpected.push(`${request.method} ${request.path}`);
};

beforeAll(() => {
  nock.disableNetConnect();
  nock.emitter.on('no match', noteUnexpected);
});

beforeEach(() => {
  unexpected = [];
  clock = new InstantClock();
  api = nock(origin);
  forge = createForge({
    appId: 7,
    privateKey,
    baseUrl: `${origin}/api/v3`,
    clock,
    log: new RecordingLog(),
  });
});

afterEach(() => {
  const unused = nock.pendingMocks();
  nock.cleanAll();
  const wrong = [
    ...unused.map((name) => `unused ${name}`),
    ...unexpected.map((name) => `unexpected ${name}`),
  ];
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
});

afterAll(() => {
  nock.emitter.off('no match', noteUnexpected);
  nock.enableNetConnect();
  nock.restore();
});

function expectMint(
  permissions: Record<string, string> | ((body: unknown) => boolean),
  token = secret,
): void {
  api
    .post(
      '/api/v3/app/installations/5/access_tokens',
      typeof permissions === 'function' ? permissions : { repository_ids: [42], permissions },
    )
    .matchHeader('authorization', /^bearer eyJ/)
    .reply(201, {
      token,
      expires_at: '2026-03-01T11:00:00Z',
      permissions: {},
      repository_selection: 'selected',
    });
}

interface CheckBody {
  readonly actions: readonly unknown[];
  readonly output: { readonly annotations: readonly unknown[] };
}

const anyPermissions = (): boolean => true;

describe('installation tokens', () => {
  it('are for one repository and the named permissions, and kept for 50 minutes', async () => {
    expectMint({ contents: 'read', metadata: 'read' });
    const first = await forge.tokens.token(at, { contents: 'read', metadata: 'read' });
    clock.advance(49 * 60_000);
    expect(await forge.tokens.token(at, { metadata: 'read', contents: 'read' })).toBe(first);
    clock.advance(2 * 60_000);
    expectMint({ contents: 'read', metadata: 'read' }, 'ghs_second');
    expect((await forge.tokens.token(at, { contents: 'read', metadata: 'read' })).reveal()).toBe(
      'ghs_second',
    );
  });

  it('are minted once for two callers at the same time', async () => {
    expectMint({ contents: 'read' });
    const [one, two] = await Promise.all([
      forge.tokens.token(at, { contents: 'read' }),
      forge.tokens.token(at, { contents: 'read' }),
    ]);
    expect(one).toBe(two);
  });

  it('show their text in no string, JSON or inspection', async () => {
    expectMint({ contents: 'read' });
    const token = (await forge.tokens.token(at, { contents: 'read' })) as OpaqueToken;
    const shown = [
      String(token),

      JSON.stringify({ token }),
      inspect(token, { showHidden: true, depth: 9 }),
    ];
    expect(shown.join()).not.toContain('eyJ');
    expect(token.reveal()).toBe(secret);
  });

  it.each([
    [{}],
    [{ contents: 'read', issues: 'read', checks: 'read', actions: 'read', metadata: 'read' } as const],
  ])('are refused for the permissions %j', async (permissions) => {
    await expect(forge.tokens.token(at, permissions)).rejects.toMatchObject({ code: 'internal' });
  });

  it('fail as github-forbidden where the installation has not granted the permission', async () => {
    api.post('/api/v3/app/installations/5/access_tokens').reply(422, {
      message: 'The permissions requested are not granted to this installation.',
    });
    await expect(forge.tokens.token(at, { checks: 'write' })).rejects.toMatchObject({
      code: 'github-forbidden',
    });
  });

  it('are minted again once when GitHub no longer takes them, also for a write', async () => {
    expectMint(anyPermissions);
    api.post(`${repository}/issues/1/comments`).reply(401, { message: 'Bad credentials' });
    expectMint(anyPermissions, 'ghs_second');
    api
      .post(`${repository}/issues/1/comments`)
      .matchHeader('authorization', 'token ghs_second')
      .reply(201, { id: 9, html_url: `${origin}/c/9` });
    expect(await forge.writer.createComment(at, 1, 'hi' as PublishableText)).toEqual({
      id: 9,
      url: `${origin}/c/9`,
    });
  });

  it('of a run are its own, and revoked when it lets go of them', async () => {
    const own = { ...at, runId: 'run-1' as RunId };
    expectMint({ contents: 'read' });
    await forge.tokens.token(own, { contents: 'read' });
    expectMint({ contents: 'read' }, 'ghs_others');
    const shared = await forge.tokens.token(at, { contents: 'read' });
    expect(shared.reveal()).toBe('ghs_others');
    api.delete('/api/v3/installation/token').matchHeader('authorization', `token ${secret}`).reply(204);
    const revocations = forge.tokens.release('run-1' as RunId);
    expect(revocations).toHaveLength(1);
    for (const revoke of revocations) await revoke();
    expect(forge.tokens.release('run-1' as RunId)).toEqual([]);
    expect(await forge.tokens.token(at, { contents: 'read' })).toBe(shared);
    expectMint({ contents: 'read' }, 'ghs_second');
    expect((await forge.tokens.token(own, { contents: 'read' })).reveal()).toBe('ghs_second');
  });
});

describe('a failing call', () => {
  it('is repeated twice for a GET and then github-unavailable', async () => {
    expectMint(anyPermissions);
    api.get(`${repository}/issues/1`).times(3).reply(502, 'bad gateway');
    await expect(forge.reader.issue(at, 1)).rejects.toMatchObject({ code: 'github-unavailable' });
    expect(clock.sleeps).toEqual([500, 1_000]);
  });

  it('is not repeated for a POST', async () => {
    expectMint(anyPermissions);
    api.post(`${repository}/issues/1/comments`).once().reply(502, 'bad gateway');
    await expect(forge.writer.createComment(at, 1, 'hi' as PublishableText)).rejects.toMatchObject({
      code: 'github-unavailable',
    });
  });

  it('is github-unavailable when the connection breaks', async () => {
    expectMint(anyPermissions);
    api.post(`${repository}/issues/1/comments`).replyWithError('socket hang up');
    await expect(forge.writer.createComment(at, 1, 'hi' as PublishableText)).rejects.toMatchObject({
      code: 'github-unavailable',
    });
  });

  it.each([
    [404, { message: 'Not Found' }, {}, { code: 'github-not-found' }],
    [403, { message: 'Resource not accessible by integration' }, {}, { code: 'github-forbidden' }],
    [403, { message: 'You have exceeded a secondary rate limit' }, { 'retry-after': '60' }, limited(60_000)],
    [403, { message: 'You have exceeded a secondary rate limit' }, {}, limited(60_000)],
    [403, { message: 'API rate limit exceeded' }, resetIn(90), limited(90_000)],
    [429, { message: 'slow down' }, { 'retry-after': '5' }, limited(5_000)],
    [403, { message: 'Repository was archived so is read-only.' }, {}, { code: 'repository-archived' }],
    [422, { message: 'Validation Failed', errors: [{ message: 'body is too long' }] }, {}, rejected],
  ])('answered %i %j %j says so by its code', async (status, body, headers, expected) => {
    expectMint(anyPermissions);
    api.post(`${repository}/issues/1/comments`).reply(status, body, headers);
    await expect(forge.writer.createComment(at, 1, 'hi' as PublishableText)).rejects.toMatchObject(expected);
  });

  it('does not carry the token', async () => {
    expectMint(anyPermissions);
    api.post(`${repository}/issues/1/comments`).reply(422, { message: 'no' });
    const error: unknown = await forge.writer.createComment(at, 1, 'hi' as PublishableText).catch((e) => e);
    expect(inspect(error, { depth: 12, showHidden: true })).not.toContain('eyJeyJ');
  });
});

const rejected = { code: 'github-rejected', message: expect.stringContaining('body is too long') as string };

function limited(retryAfterMs: number) {
  return { code: 'github-rate-limited', retryAfterMs };
}

function resetIn(seconds: number) {
  const reset = new Date('2026-03-01T10:00:00Z').getTime() / 1_000 + seconds;
  return { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) };
}

describe('a role', () => {
  it.each([
    [200, { permission: 'write', role_name: 'maintain', user: { id: 3 } }, 'maintain'],
    [200, { permission: 'read', role_name: 'triage', user: { id: 3 } }, 'triage'],
    [200, { permission: 'write', role_name: 'release-crew', user: { id: 3 } }, 'unknown'],
    [200, { permission: 'admin', user: { id: 3 } }, 'unknown'],
    [200, { permission: 'admin', role_name: 'admin', user: { id: 4 } }, 'unknown'],
    [200, { permission: 'admin', role_name: 'admin', user: null }, 'unknown'],
    [404, { message: 'Not Found' }, 'none'],
  ])('answered %i %j is %s', async (status, body, role) => {
    expectMint(anyPermissions);
    api.get(`${repository}/collaborators/mona/permission`).reply(status, body);
    expect(await forge.reader.roleOf(at, 'mona', 3)).toBe(role);
  });
});

describe('GraphQL', () => {
  it('goes to the server of the REST root', async () => {
    expectMint({ contents: 'write', pull_requests: 'write', metadata: 'read' });
    api
      .post('/api/graphql', (body: { variables: unknown }) => {
        expect(body.variables).toEqual({ pullRequestId: 'PR_1' });
        return true;
      })
      .reply(200, { data: { markPullRequestReadyForReview: { pullRequest: { isDraft: false } } } });
    await expect(forge.writer.markReady(at, 'PR_1')).resolves.toBeUndefined();
  });

  it.each([
    ['RATE_LIMITED', 'github-rate-limited'],
    ['FORBIDDEN', 'github-forbidden'],
    ['NOT_FOUND', 'github-not-found'],
    [undefined, 'github-rejected'],
  ])('answering 200 with an error of type %s failed, whatever data came along', async (type, code) => {
    expectMint(anyPermissions);
    const pullRequest = { closingIssuesReferences: { nodes: [] } };
    api
      .post('/api/graphql')
      .reply(200, { data: { repository: { pullRequest } }, errors: [{ type, message: 'no' }] });
    await expect(forge.reader.closingIssues(at, 3)).rejects.toMatchObject({ code });
  });

  it('gives the closing issues of the same repository only', async () => {
    expectMint(anyPermissions);
    const nodes = [
      { number: 8, repository: { databaseId: 1 } },
      { number: 3, repository: { databaseId: 42 } },
    ];
    api
      .post('/api/graphql')
      .reply(200, { data: { repository: { pullRequest: { closingIssuesReferences: { nodes } } } } });
    expect(await forge.reader.closingIssues(at, 3)).toEqual([3]);
  });
});

describe('a check run', () => {
  it('sends 120 annotations in three requests', async () => {
    expectMint({ checks: 'write', metadata: 'read' });
    const retry = { label: 'Retry', description: 'Once more', identifier: 'retry' } as const;
    const holds = (count: number) => (body: CheckBody) =>
      body.output.annotations.length === count && isDeepStrictEqual(body.actions, [retry]);
    api.post(`${repository}/check-runs`, holds(50)).reply(201, { id: 4, html_url: `${origin}/4` });
    api.patch(`${repository}/check-runs/4`, holds(50)).reply(200, { id: 4 });
    api.patch(`${repository}/check-runs/4`, holds(20)).reply(200, { id: 4 });
    const annotation = {
      path: 'a',
      startLine: 1,
      endLine: 1,
      level: 'notice',
      message: 'm' as PublishableText,
    } as const;
    const created = await forge.writer.createCheck(at, {
      name: 'agent / tests',
      headSha: 'a'.repeat(40) as CommitId,
      externalId: 'x',
      conclusion: 'success',
      title: 't' as PublishableText,
      summary: 's' as PublishableText,
      annotations: Array.from({ length: 120 }, () => annotation),
      actions: [retry],
    });
    expect(created).toEqual({ id: 4, url: `${origin}/4` });
  });
});

describe('the App', () => {
  it('is known by its key', async () => {
    api
      .get('/api/v3/app')
      .matchHeader('authorization', /^bearer eyJ/)
      .reply(200, { id: 7, slug: 'fixer' });
    api.get('/api/v3/users/fixer%5Bbot%5D').reply(200, { id: 77, login: 'fixer[bot]' });
    expect(await forge.app()).toEqual({ id: 7, slug: 'fixer', botLogin: 'fixer[bot]', botUserId: 77 });
  });

  it('is config-invalid with a key that is none', async () => {
    const broken = createForge({
      appId: 7,
      privateKey: 'nonsense',
      baseUrl: origin,
      clock,
      log: new RecordingLog(),
    });
    await expect(broken.app()).rejects.toMatchObject({ code: 'config-invalid' });
  });
});
