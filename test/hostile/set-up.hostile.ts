import { chmod, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBwrapSandbox } from '../../src/sandbox/bwrap-sandbox.ts';
import { removeTree } from '../../src/sandbox/sandbox-directories.ts';
import { detectCommands } from '../../src/toolchains/detect-commands.ts';
import { directories } from '../contract/sandbox-directories.ts';
import { silentLog } from '../support/silent-log.ts';

describe('case 144: what a package asks for at set-up', () => {
  let root: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'set-up-'));
    await chmod(root, 0o755);
  });
  afterAll(() => removeTree(root));

  /** Runs the set-up that is detected for these files, or that command changed, as the set-up phase does. */
  async function setUp(
    name: string,
    files: Readonly<Record<string, string>>,
    change = (shell: string) => shell,
  ) {
    const found = await detectCommands({
      list: async () => Object.keys(files),
      read: async (path) => files[path],
    });
    const sandbox = createBwrapSandbox({
      stateDir: join(root, 'state'),
      registries: ['registry.invalid'],
      log: silentLog,
      diskReserveBytes: 0,
    });
    const spec = await directories(sandbox, root, name);
    for (const [path, text] of Object.entries(files)) await writeFile(join(spec.workspace, path), text);
    await sandbox.adopt(spec.workspace);
    const run = await sandbox.open({ ...spec, network: 'registries' });
    const results = [];
    for (const { shell } of found.fetch) {
      results.push(await run.exec({ command: change(shell), timeoutMs: 120_000 }));
    }
    await run.close();
    return { results, egress: run.egress(), made: await readdir(spec.workspace) };
  }

  const withScript = {
    'package.json': JSON.stringify({
      name: 'sample',
      version: '1.0.0',
      scripts: { preinstall: 'touch pwned', test: 'jest' },
      dependencies: {},
    }),
    'package-lock.json': JSON.stringify({
      name: 'sample',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: {
        '': { name: 'sample', version: '1.0.0' },
        'node_modules/none': { version: '1.0.0', optional: true },
      },
    }),
  };

  it('144: an install script is not run', async () => {
    const { results, made } = await setUp('script', withScript);
    expect(results.length).toBeGreaterThan(0);
    expect(made).not.toContain('pwned');
  });

  it('144: the same script runs where scripts are allowed', async () => {
    const { made } = await setUp('allowed', withScript, (shell) => shell.replace('--ignore-scripts', ''));
    expect(made).toContain('pwned');
  });

  it('144: a git dependency is refused by the proxy, which says so', async () => {
    const files = {
      'package.json': JSON.stringify({
        name: 'sample',
        version: '1.0.0',
        scripts: { test: 'jest' },
        dependencies: { x: 'git+https://elsewhere.invalid/x.git' },
      }),
    };
    const { results, egress } = await setUp('git', files);
    expect(results.map(({ exitCode }) => exitCode)).not.toContain(0);
    expect(egress).toContainEqual(expect.objectContaining({ host: 'elsewhere.invalid', allowed: false }));
  });
});
