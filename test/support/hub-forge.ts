import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Octokit } from '@octokit/rest';
import type { RepositoryAddress } from '../../src/domain/forge.ts';
import { createForge, type Forge } from '../../src/github/create-forge.ts';
import { type Hub, startHub } from '../../src/hub/start-hub.ts';
import { silentLog } from './silent-log.ts';
import { createTestClock } from './test-clock.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** A local GitHub with `octo/hello`, an App that is installed there, and the App's adapters without a bot. */
export interface HubForge {
  readonly hub: Hub;
  readonly forge: Forge;
  /** The owner, over the API. */
  readonly octo: Octokit;
  readonly at: RepositoryAddress;
  close(): Promise<void>;
}

export async function openHubForge(options: {
  readonly files: Readonly<Record<string, string>>;
  readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
}): Promise<HubForge> {
  const directory = await mkdtemp(join(tmpdir(), 'pullwright-forge-'));
  const hub = await startHub({ directory });
  const { token } = hub.admin.createUser({ login: 'octo' });
  const { files, permissions } = options;
  const repository = await hub.admin.createRepository({ owner: 'octo', name: 'hello', files });
  const app = hub.admin.createApp({
    name: 'Fixer',
    slug: 'fixer',
    webhookSecret: 'x'.repeat(32),
    permissions,
    events: [],
  });
  const { installationId } = hub.admin.install(app.id, 'octo', 'all');
  const baseUrl = `${hub.url}/api/v3`;
  const { id: appId, privateKey } = app;
  return {
    hub,
    forge: createForge({ appId, privateKey, baseUrl, clock: createTestClock(), log: silentLog }),
    octo: new Octokit({ auth: token, baseUrl, log: quiet }),
    at: { installationId, repositoryId: repository.id, owner: 'octo', name: 'hello' },
    async close() {
      await hub.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
