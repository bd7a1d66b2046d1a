import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { type LocalRunResult, runLocal } from '../../src/app/run-local.ts';
import { parseSettings } from '../../src/config/read-settings.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { pythonBug } from '../support/sample-repositories.ts';
import { withContainerEngine } from '../support/with-container-engine.ts';

const runMs = 240_000;
const issue = { title: 'The last number is missing', body: 'sum_range(1, 4) gives 6, expected 10.' };

describe('a run without a sandbox, in local mode', () => {
  it(
    'warns the operator and says it on the pull request',
    async () => {
      const { result, log } = await runWith({ SANDBOX_ENGINE: 'none' });
      expect(result.state).toBe('published');
      expect(result.pullRequestBody).toContain('**without a sandbox**');
      expect(JSON.stringify(log.lines)).toContain('WITHOUT isolation');
    },
    runMs,
  );
});

await withContainerEngine('a run in containers', (engine) => {
  describe('a run in containers', () => {
    it(
      'does the main job, and says where it did it',
      async () => {
        const { result } = await runWith({
          SANDBOX_ENGINE: 'container',
          SANDBOX_IMAGE: engine.image,
          ...engine.clientEnv,
        });
        expect([result.state, result.summary]).toEqual(['published', expect.any(String)]);
        expect(result.pullRequestBody).toMatch(
          /in fresh sandboxes \(`container docker [^`]+`\) without network/,
        );
        expect((await engine.docker('ps', '--all', '--quiet')).trim()).toBe('');
      },
      runMs,
    );
  });
});

async function runWith(
  env: Readonly<Record<string, string>>,
): Promise<{ readonly result: LocalRunResult; readonly log: RecordingLog }> {
  const root = await mkdtemp(join(tmpdir(), 'pullwright-engines-'));
  await chmod(root, 0o755);
  try {
    const repositoryPath = await repository(root);
    const settings = parseSettings({
      DATABASE_URL: inject('postgresUrl'),
      PULLWRIGHT_HOME: join(root, 'state'),
      SANDBOX_REGISTRIES: 'off',
      AGENT_REPAIR_SECONDS: '90',
      ...env,
    });
    const log = new RecordingLog();
    const result = await runLocal({ repositoryPath, issue, dryRun: false, settings, log });
    return { result, log };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function repository(root: string): Promise<string> {
  const directory = join(root, 'repository');
  const git = (...args: readonly string[]): void => {
    const identity = ['-c', 'user.name=Mira', '-c', 'user.email=mira@example.org'];
    const result = spawnSync('git', ['-C', directory, ...identity, ...args], { encoding: 'utf8' });
    if (result.status !== 0) throw new Error(result.stderr);
  };
  spawnSync('git', ['init', '-q', '-b', 'trunk', directory]);
  for (const [path, content] of Object.entries(pythonBug)) await writeFile(join(directory, path), content);
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
  return directory;
}
