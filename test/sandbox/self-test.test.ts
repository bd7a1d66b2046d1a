import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/domain/sandbox.ts';
import { createBwrapSandbox } from '../../src/sandbox/bwrap-sandbox.ts';
import { removeTree } from '../../src/sandbox/sandbox-directories.ts';
import { selfTest } from '../../src/sandbox/self-test.ts';
import { silentLog } from '../support/silent-log.ts';

/** Says what a sandbox would say that holds nothing back. It runs nothing: as root that would happen to this machine. */
const broken: Sandbox = {
  engine: 'none',
  probe: async () => ({ ok: true, engine: 'none', version: '0', problems: [] }),
  open: async () => ({
    async exec() {
      const said = { text: 'all\n536870912\n', bytes: 10, truncated: false };
      const stdout = { ...said, text: '536870912 all and everything\n' };
      return { exitCode: 0, ended: 'exit', stdout, stderr: said, durationMs: 1 };
    },
    egress: () => [],
    close: async () => undefined,
  }),
  adopt: async () => undefined,
  remove: removeTree,
};

describe('the self-test of a sandbox', () => {
  let root: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'self-test-'));
    await chmod(root, 0o755);
  });
  afterAll(() => removeTree(root));

  it('finds that bubblewrap keeps every promise here', async () => {
    const stateDir = join(root, 'state');
    const sandbox = createBwrapSandbox({ stateDir, registries: [], log: silentLog, diskReserveBytes: 0 });
    const results = await selfTest(sandbox, stateDir);
    expect(results.filter(({ state }) => state === 'broken')).toEqual([]);
    expect(results.length).toBeGreaterThan(15);
  });

  it('takes no promise for kept by a sandbox that answers wrongly', async () => {
    const results = await selfTest(broken, join(root, 'broken'));
    const held = results.filter(({ state }) => state === 'holds').map(({ promise }) => promise);
    // Nothing was started, so nothing is left.
    expect(held).toEqual(['leaves no process behind, not even in a session of its own']);
  });
});
