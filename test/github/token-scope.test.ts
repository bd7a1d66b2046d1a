import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RepositoryAddress } from '../../src/domain/forge.ts';
import type { RunId } from '../../src/domain/ids.ts';
import { createForge, type Forge } from '../../src/github/create-forge.ts';
import { type Hub, startHub } from '../../src/hub/start-hub.ts';
import { redactSecrets } from '../../src/text/secrets.ts';
import { silentLog } from '../support/silent-log.ts';
import { createTestClock } from '../support/test-clock.ts';

/** Against the local GitHub, which knows what a token is for and forgets it when told to. */
describe('a token for one of two repositories of an installation', () => {
  let directory: string;
  let hub: Hub;
  let forge: Forge;
  let one: RepositoryAddress;
  let other: RepositoryAddress;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pullwright-tokens-'));
    hub = await startHub({ directory });
    const owner = hub.admin.createUser({ login: 'octo' });
    const app = hub.admin.createApp({
      owner: owner.login,
      name: 'Agent',
      slug: 'agent',
      webhookSecret: 'x'.repeat(32),
      permissions: { contents: 'write', issues: 'write', metadata: 'read' },
      events: ['issues'],
    });
    const made = await Promise.all(
      ['one', 'other'].map((name) => hub.admin.createRepository({ owner: 'octo', name, private: true })),
    );
    const { installationId } = hub.admin.install(app.id, 'octo', 'all');
    const [first, second] = made.map(({ id }, index) => ({
      installationId,
      repositoryId: id,
      owner: 'octo',
      name: index === 0 ? 'one' : 'other',
    }));
    if (!first || !second) throw new Error('two repositories');
    [one, other] = [first, second];
    forge = createForge({
      appId: app.id,
      privateKey: app.privateKey,
      baseUrl: `${hub.url}/api/v3`,
      clock: createTestClock(),
      log: silentLog,
    });
  });
  afterAll(async () => {
    await hub.close();
    await rm(directory, { recursive: true, force: true });
  });

  const reading = { contents: 'read', metadata: 'read' } as const;
  const statusOf = async (token: string, repo: string): Promise<number> => {
    const octokit = new Octokit({ auth: token, baseUrl: `${hub.url}/api/v3`, log: silentLogger });
    return await octokit.rest.repos.get({ owner: 'octo', repo }).then(
      ({ status }) => status,
      (error: { readonly status: number }) => error.status,
    );
  };

  it('reads that one and not the other', async () => {
    const token = (await forge.tokens.token(one, reading)).reveal();
    expect(await statusOf(token, 'one')).toBe(200);
    expect(await statusOf(token, 'other')).toBe(404);
    expect(await statusOf((await forge.tokens.token(other, reading)).reveal(), 'other')).toBe(200);
  });

  it('is worth nothing once its run has let go of it', async () => {
    const runId = 'run-1' as RunId;
    const token = (await forge.tokens.token({ ...one, runId }, reading)).reveal();
    expect(await statusOf(token, 'one')).toBe(200);
    for (const revoke of forge.tokens.release(runId)) await revoke();
    expect(await statusOf(token, 'one')).toBe(401);
  });

  it('that GitHub no longer knows counts as revoked', async () => {
    const runId = 'run-2' as RunId;
    await forge.tokens.token({ ...one, runId }, reading);
    hub.admin.expireTokens();
    const [revoke] = forge.tokens.release(runId);
    await expect(revoke?.()).resolves.toBeUndefined();
    forge.tokens.forget(one, reading);
  });

  it('is of 520 characters and hidden whole from every text', async () => {
    const token = (await forge.tokens.token(one, reading)).reveal();
    expect(token).toHaveLength(520);
    const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
    for (const text of [`token ${token}!`, `Authorization: Basic ${basic}`, encodeURIComponent(token)]) {
      const shown = redactSecrets(text).text;
      for (let at = 0; at + 24 <= token.length; at += 24) {
        expect(shown).not.toContain(token.slice(at, at + 24));
      }
      expect(shown).not.toContain(basic.slice(40, 80));
    }
  });
});

const quiet = (): void => undefined;
const silentLogger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
