import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dependencyCacheOf } from '../../src/app/dependency-cache.ts';
import { parseSettings } from '../../src/config/read-settings.ts';
import { silentLog } from '../support/silent-log.ts';

const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function pullwright(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

describe('pullwright', () => {
  it('lists its commands', async () => {
    const { code, stdout } = await pullwright(['--help']);
    expect(code).toBe(0);
    for (const name of ['start', 'demo', 'run', 'doctor', 'detect']) expect(stdout).toContain(name);
  });

  it('explains each command', async () => {
    const { code, stdout } = await pullwright(['run', '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Exit codes: 0 published, 2 refused/);
  });

  it.each([[['nonsense']], [['run']], [['run', '--what']], [['demo', '--repo', '/tmp']]])(
    'leaves with 64 and the usage for %j',
    async (args) => {
      const { code, stderr } = await pullwright(args);
      expect(code).toBe(64);
      expect(stderr).toMatch(/usage: pullwright/);
    },
  );

  it('leaves with 78 and the name of the variable when a setting is wrong', async () => {
    const { code, stderr } = await pullwright(['start'], { PORT: 'many' });
    expect(code).toBe(78);
    expect(stderr).toMatch(/PORT/);
  });

  it('leaves with 78 when the issue file holds nothing', async () => {
    const { code, stderr } = await pullwright(['run', '--repo', '/nonexistent', '--issue', '/dev/null']);
    expect(code).toBe(78);
    expect(stderr).toMatch(/no directory/);
  });

  it('checks the settings of a repository, with file and line, and prints their schema', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'pullwright-config-'));
    try {
      const file = join(directory, 'agent.yml');
      await writeFile(file, 'base: main\ncommands:\n  tset: npm test\n');
      const wrong = await pullwright(['config', 'check', file]);
      expect(wrong.code).toBe(1);
      expect(wrong.stdout).toMatch(new RegExp(`^${file}:3: commands\\.tset: `));
      const json = await pullwright(['config', 'check', file, '--json']);
      expect(JSON.parse(json.stdout)).toMatchObject({ valid: false, problems: [{ line: 3 }] });
      await writeFile(file, 'base: main\n');
      expect(await pullwright(['config', 'check', file])).toMatchObject({
        code: 0,
        stdout: `${file} is valid\n`,
      });
      expect(await pullwright(['config', 'check', join(directory, 'none.yml')])).toMatchObject({ code: 66 });
      const schema = await pullwright(['config', 'schema']);
      expect(JSON.parse(schema.stdout)).toMatchObject({ type: 'object', additionalProperties: false });
      expect(await pullwright(['config'])).toMatchObject({ code: 64 });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('shows what would run in a repository', async () => {
    const { code, stdout } = await pullwright([
      'detect',
      join(import.meta.dirname, '..', '..', 'demo', 'sample'),
      '--json',
    ]);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { test: readonly unknown[] }).test).toHaveLength(1);
  });

  it('shows the kept dependencies and clears them, of one repository or all', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'pullwright-cache-'));
    try {
      const env = { PULLWRIGHT_HOME: directory };
      expect((await pullwright(['cache', 'show'], env)).stdout).toBe('0 layers, 0.0 MiB, at most 10 GiB\n');
      const settings = parseSettings(env);
      const layers = dependencyCacheOf(settings, silentLog);
      const archive = { file: main, runId: 'run-1', reached: [] };
      await layers.seal(7, 'a'.repeat(64), archive);
      await layers.seal(8, 'b'.repeat(64), archive);
      const shown = await pullwright(['cache', 'show', '--repository', '7'], env);
      expect(shown.stdout).toMatch(/^repository 7 {2}aaaaaaaaaaaa .* run run-1\n2 layers, /);
      const json = await pullwright(['cache', 'show', '--json'], env);
      expect(JSON.parse(json.stdout)).toMatchObject([{ repositoryId: 7 }, { repositoryId: 8 }]);
      expect((await pullwright(['cache', 'clear', '--repository', '7'], env)).stdout).toMatch(/^1 removed, /);
      expect((await layers.list()).map(({ repositoryId }) => repositoryId)).toEqual([8]);
      expect((await pullwright(['cache', 'clear'], env)).code).toBe(0);
      expect(await layers.list()).toEqual([]);
      expect(await pullwright(['cache', 'clear', '--repository', '../8'], env)).toMatchObject({ code: 64 });
      expect(await pullwright(['cache'], env)).toMatchObject({ code: 64 });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('draws the graph of a run', async () => {
    const { code, stdout } = await pullwright(['graph']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\s*verify .*publish;$/m);
  });
});
