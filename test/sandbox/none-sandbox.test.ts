import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxRun } from '../../src/domain/sandbox.ts';
import { createNoneSandbox } from '../../src/sandbox/none-sandbox.ts';
import { descendants } from '../../src/sandbox/process-tree.ts';
import { directories } from '../contract/sandbox-directories.ts';
import { silentLog } from '../support/silent-log.ts';

describe('the engine without isolation', () => {
  let root: string;
  let run: SandboxRun;
  const sandbox = createNoneSandbox({ stateDir: tmpdir(), log: silentLog });

  beforeAll(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'none-')));
    run = await sandbox.open({
      ...(await directories(sandbox, root, 'main')),
      limits: { outputBytesMax: 1_000_000 },
    });
  });

  afterAll(async () => {
    await run.close();
    await sandbox.remove(root);
  });

  it('runs in the workspace with a small environment of its own', async () => {
    const result = await run.exec({ command: 'pwd; echo $HOME $SANDBOX_OUT; env | wc -l' });
    const [cwd, places, count] = result.stdout.text.split('\n');
    expect([cwd, places]).toEqual([`${root}/main/ws`, `${root}/main/home ${root}/main/out`]);
    expect(Number(count)).toBeLessThan(18);
  });

  it('kills the process group at the timeout, at the output limit and after the exit', async () => {
    expect((await run.exec({ command: 'sleep 100 & sleep 100', timeoutMs: 200 })).ended).toBe('timeout');
    expect((await run.exec({ command: 'yes' })).ended).toBe('output-limit');
    expect((await run.exec({ command: 'sleep 100 & exit 4' })).exitCode).toBe(4);
    expect(descendants(process.pid)).toEqual([]);
  });

  it('finds its directories where a command names them as in a sandbox', async () => {
    const result = await run.exec({
      command: 'cd /workspace && echo x > "/out/a b" && cat "$PLACE/a b"; ls /outside /usr/out /workspace-2',
      env: { PLACE: '/out' },
    });
    expect(result.stdout.text).toBe('x\n');
    expect(result.stderr.text).toMatch(/\/outside.*\n.*\/usr\/out.*\n.*\/workspace-2/);
  });

  it('answers like a shell when it cannot run a command', async () => {
    expect((await run.exec({ command: ['/no/such'] })).exitCode).toBe(126);
    expect((await run.exec({ command: 'pwd', cwd: '..' })).exitCode).toBe(126);
    expect((await run.exec({ command: 'kill -9 $$' })).ended).toBe('signal');
  });
});
