import { describe, expect, it } from 'vitest';
import type { TreeId } from '../../src/domain/ids.ts';
import type { TreeEntry } from '../../src/domain/workspace.ts';
import { detectCommands } from '../../src/toolchains/detect-commands.ts';
import { matchesInput } from '../../src/toolchains/matches-input.ts';
import { layerKey } from '../../src/workflow/layer-key.ts';

const file = (path: string, id: string): TreeEntry => ({ path, mode: '100644', id });
const tree = [file('package.json', 'aa'), file('src/a.js', 'bb')];

describe('the key of a layer', () => {
  const of = {
    treeId: 't1' as TreeId,
    fetch: [{ shell: 'npm ci', cwd: '', why: '', reads: ['package.json'] }],
    engine: 'bwrap',
    toolchain: '/usr/bin/npm 1 2',
    registries: ['a', 'b'],
  } as const;
  const keyOf = (
    change: Partial<Parameters<typeof layerKey>[1]> = {},
    entries: readonly TreeEntry[] = tree,
  ) => layerKey({ treeEntries: async () => entries }, { ...of, ...change });

  it('is the same for trees that differ in other files, and for registries in another order', async () => {
    const changed = [file('package.json', 'aa'), file('src/a.js', 'cc'), file('new', 'dd')];
    expect(await keyOf({ treeId: 't2' as TreeId, registries: ['b', 'a'] }, changed)).toBe(await keyOf());
  });

  it.each([
    ['the command', { fetch: [{ ...of.fetch[0], shell: 'npm install' }] }],
    ['its directory', { fetch: [{ ...of.fetch[0], cwd: 'web' }] }],
    ['the engine', { engine: 'container' }],
    ['a tool', { toolchain: '/usr/bin/npm 1 3' }],
    ['the registries', { registries: ['a'] }],
  ] as const)('is another with %s', async (_what, change) => {
    expect(await keyOf(change)).not.toBe(await keyOf());
  });

  it.each([
    ['an input', [file('package.json', 'ax'), file('src/a.js', 'bb')]],
    ['an input in a directory', [...tree, file('web/package.json', 'aa')]],
    ['an executable input', [{ ...file('package.json', 'aa'), mode: '100755' }, file('src/a.js', 'bb')]],
    ['a link', [...tree, { path: 'x', mode: '120000', id: 'ee' }]],
    ['a submodule', [...tree, { path: 'x', mode: '160000', id: 'ee' }]],
  ])('is another with %s', async (_what, entries) => {
    expect(await keyOf({}, entries)).not.toBe(await keyOf());
  });

  it('is the tree’s own where one of the commands does not say what it reads', async () => {
    const fetch = [...of.fetch, { shell: 'make deps', cwd: '', why: '' }];
    expect(await keyOf({ fetch, treeId: 't2' as TreeId })).not.toBe(await keyOf({ fetch }));
  });
});

describe('what a fetch reads', () => {
  it.each([
    ['package.json', true],
    ['a/b/package.json', true],
    ['xpackage.json', false],
    ['requirements/dev.txt', true],
    ['node_modules/x/index.js', true],
    ['web/node_modules/x', true],
    ['node_modules', false],
  ])('%s: %s', (path, is) => {
    expect(matchesInput(path, ['package.json', '*.txt', 'node_modules/'])).toBe(is);
  });

  async function readsOf(
    files: Readonly<Record<string, string>>,
  ): Promise<readonly (readonly string[] | undefined)[]> {
    const found = await detectCommands({
      list: async () => Object.keys(files),
      read: async (path) => files[path],
    });
    expect(found.fetch.length).toBeGreaterThan(0);
    return found.fetch.map(({ reads }) => reads);
  }
  const manifest = (dependency: string) =>
    JSON.stringify({ dependencies: { x: dependency }, scripts: { test: 'node --test' } });
  const lock = '{"packages":{"node_modules/x":{"version":"1.0.0"}}}';

  it.each([
    ['npm', { 'package.json': manifest('1'), 'package-lock.json': lock }, 'package-lock.json'],
    ['pnpm', { 'package.json': manifest('1'), 'pnpm-lock.yaml': 'lockfileVersion: 9' }, 'pnpm-lock.yaml'],
    [
      'pip',
      {
        'requirements.txt': 'x==1\n',
        'requirements-dev.txt': '-r requirements.txt\ny==1\n',
        'test_a.py': 'def test_a(): pass',
      },
      '*.txt',
    ],
    ['go', { 'go.mod': 'module x\nrequire y v1', 'go.sum': '' }, 'go.sum'],
    ['cargo', { 'Cargo.toml': '[dependencies]\nx = "1"', 'Cargo.lock': 'source = "registry"' }, 'Cargo.lock'],
    ['composer', { 'composer.json': '{"require":{"a/b":"1"}}', 'composer.lock': '{}' }, 'composer.lock'],
  ])('of %s is its lockfile and its settings', async (_name, files, expected) => {
    expect((await readsOf(files)).flat()).toContain(expected);
  });

  it.each([
    ['a package of the tree (npm)', { 'package.json': manifest('file:./x'), 'package-lock.json': lock }],
    ['a hook of pnpm', { 'package.json': manifest('1'), 'pnpm-lock.yaml': '', '.pnpmfile.cjs': '' }],
    [
      'a yarn that the tree brings',
      { 'package.json': manifest('1'), 'yarn.lock': '', '.yarnrc.yml': 'yarnPath: x' },
    ],
    [
      'a package of the tree (pip)',
      { 'requirements.txt': 'x==1\n-e .\n', 'test_a.py': 'def test_a(): pass' },
    ],
    [
      'a requirements file elsewhere',
      { 'requirements.txt': '-r deps/base.in\nx==1\n', 'test_a.py': 'def test_a(): pass' },
    ],
    [
      'a package of the tree (composer)',
      { 'composer.json': '{"repositories":[{"type": "path","url":"x"}],"require":{"a/b":"1"}}' },
    ],
    ['Maven', { 'pom.xml': '<project/>', 'src/test/A.java': '' }],
  ])('is everything with %s', async (_name, files) => {
    expect(await readsOf(files)).toContain(undefined);
  });
});
