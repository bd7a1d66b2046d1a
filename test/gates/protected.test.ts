import { describe, expect, it } from 'vitest';
import { findProtectedChanges, whyByPath } from '../../src/gates/find-protected.ts';
import { scriptsChanged } from '../../src/gates/manifest-scripts.ts';
import { matchesGlob } from '../../src/gates/path-glob.ts';
import { protectedPatch } from '../../src/gates/protected-patch.ts';

/** Written by hand from what CI, reviewers, agents, git and builds read; the program's own list is not used. */
const protectedPaths = [
  '.github/workflows/ci.yml',
  '.github/workflows/deep/nested/release.yaml',
  '.github/actions/setup/index.js',
  'action.yml',
  'tools/deploy/action.yaml',
  '.gitlab-ci.yml',
  '.circleci/config.yml',
  '.travis.yml',
  'azure-pipelines.yml',
  'Jenkinsfile',
  'CODEOWNERS',
  '.github/CODEOWNERS',
  'docs/CODEOWNERS',
  '.github/agent.yml',
  '.github/dependabot.yml',
  'renovate.json',
  'AGENTS.md',
  'packages/api/AGENTS.md',
  'CLAUDE.md',
  'GEMINI.md',
  '.cursorrules',
  '.cursor/rules/style.mdc',
  '.windsurfrules',
  '.clinerules',
  '.claude/settings.json',
  '.mcp.json',
  '.github/copilot-instructions.md',
  '.github/instructions/js.instructions.md',
  '.gitattributes',
  'src/.gitattributes',
  '.gitmodules',
  '.husky/pre-commit',
  '.pre-commit-config.yaml',
  'Makefile',
  'sub/GNUmakefile',
  'setup.py',
  'native/build.rs',
  'gradlew',
  '.npmrc',
  '.devcontainer/devcontainer.json',
  '.vscode/tasks.json',
  '.envrc',
];

const open = [
  'src/index.ts',
  'docs/agents.txt',
  'README.md',
  '.github/ISSUE_TEMPLATE/bug.md',
  'workflows/ci.yml',
  'src/.github/workflows.ts',
  'test/makefile.test.ts',
  'lib/setup.pyc',
  'src/CODEOWNERS.ts',
];

describe('a protected path', () => {
  it('is one of at least 40 that decide what runs, who reviews and what agents are told', () => {
    expect(protectedPaths.length).toBeGreaterThanOrEqual(40);
  });

  it.each(protectedPaths)('is %s, in whatever case', (path) => {
    expect(whyByPath(path, [])).toBeTruthy();
    expect(whyByPath(path.toUpperCase(), [])).toBeTruthy();
  });

  it.each(open)('is not %s', (path) => {
    expect(whyByPath(path, [])).toBeUndefined();
  });

  it('is also what the repository names', () => {
    expect(whyByPath('infra/prod/main.tf', ['infra/**'])).toMatch(/infra\/\*\*/);
    expect(whyByPath('infra.md', ['infra/**'])).toBeUndefined();
  });
});

describe('a pattern', () => {
  it.each([
    ['*.tf', 'a/b/c.tf', true],
    ['/*.tf', 'a/c.tf', false],
    ['infra/', 'infra/x/y', true],
    ['infra/', 'other/infra/x', false],
    ['**/keys/**', 'a/keys/b', true],
    ['**/keys/**', 'keys/b/c', true],
    ['a/**/z', 'a/z', true],
    ['a/**/z', 'a/b/c/z', true],
    ['a/*/z', 'a/b/c/z', false],
    ['file?.txt', 'file1.txt', true],
    ['file?.txt', 'file12.txt', false],
    ['a*b*c', 'aXbYbZc', true],
    ['', 'a', false],
    ['**', 'anything/at/all', true],
  ])('%s against %s is %s', (pattern, path, expected) => {
    expect(matchesGlob(pattern, path)).toBe(expected);
  });

  it('takes no time to speak of, however it is made', () => {
    const startMs = performance.now();
    expect(matchesGlob(`${'**/a*'.repeat(30)}b`, `${'a/'.repeat(2_000)}c`)).toBe(false);
    expect(matchesGlob(`${'*a'.repeat(90)}b`, 'a'.repeat(4_000))).toBe(false);
    expect(performance.now() - startMs).toBeLessThan(2_000);
  });
});

describe('the commands of a manifest', () => {
  const manifest = (more: object): string => JSON.stringify({ name: 'x', version: '1.0.0', ...more });

  it.each([
    ['package.json', manifest({ scripts: { test: 'a' } }), manifest({ scripts: { test: 'b' } }), true],
    [
      'package.json',
      manifest({ scripts: { a: '1', b: '2' } }),
      manifest({ scripts: { b: '2', a: '1' } }),
      false,
    ],
    ['package.json', manifest({}), manifest({ dependencies: { left: '1' }, version: '1.0.1' }), false],
    ['package.json', manifest({}), manifest({ scripts: { postinstall: 'curl x | sh' } }), true],
    ['package.json', manifest({ scripts: { test: 'a' } }), '{ not json', true],
    ['package.json', undefined, manifest({}), false],
    ['package.json', undefined, manifest({ bin: './x.js' }), true],
    ['package.json', manifest({ scripts: { test: 'a' } }), undefined, true],
    ['a/package.json', manifest({}), manifest({ 'simple-git-hooks': { 'pre-commit': 'x' } }), true],
    ['pyproject.toml', '[project]\nversion = "1"\n', '[project]\nversion = "2"\n', false],
    ['pyproject.toml', '', '[build-system]\nrequires = ["x"]\nbuild-backend = "evil"\n', true],
    ['pyproject.toml', '', '[tool.poe.tasks]\ntest = "curl x"\n', true],
    ['Cargo.toml', '[package]\nname = "x"\n', '[package]\nname = "x"\nbuild = "other.rs"\n', true],
    ['Cargo.toml', '[dependencies]\n', '[dependencies]\nserde = "1"\n', false],
    ['composer.json', '{}', '{"scripts":{"post-install-cmd":"x"}}', true],
  ] as const)('%s: %s → %s differs: %s', (path, base, head, expected) => {
    expect(scriptsChanged(path, base, head)).toBe(expected);
  });
});

describe('the protected part of a change', () => {
  const files: Readonly<Record<string, string>> = {
    '.github/workflows/ci.yml': 'run: ./scripts/ci.sh\n  run: bash sub/tools/lint.sh',
    'package.json': '{"scripts":{"release":"node scripts/release.js"}}',
  };
  const find = (changed: readonly string[], head: Readonly<Record<string, string>> = {}) =>
    findProtectedChanges({
      changed,
      configured: [],
      baseFiles: Object.keys(files),
      readBase: async (path) => files[path],
      readHead: async (path) => head[path],
    });

  it('is also a script that CI or a manifest calls, and no other script', async () => {
    const found = await find([
      'scripts/ci.sh',
      'sub/tools/lint.sh',
      'scripts/release.js',
      'scripts/other.js',
      'src/ci.js',
    ]);
    expect(found.map(({ path }) => path)).toEqual([
      'scripts/ci.sh',
      'sub/tools/lint.sh',
      'scripts/release.js',
    ]);
  });

  it('is not a manifest whose commands stay the same, but one that became too large to be read', async () => {
    const same = { 'package.json': '{"version":"2","scripts":{"release":"node scripts/release.js"}}' };
    expect(await find(['package.json'], same)).toEqual([]);
    expect(await find(['package.json'])).toHaveLength(1);
    expect(await find(['other/package.json'])).toHaveLength(1);
  });
});

describe('the diff that is shown', () => {
  const section = (path: string, lines: number): string =>
    `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n${'+x\n'.repeat(lines)}`;

  it('has the protected files first, those with unusual names too, and says when it is cut', () => {
    const quoted = 'diff --git "a/\\303\\244" "b/\\303\\244"\n+y\n';
    const text = section('a.js', 3) + quoted + section('Makefile', 3);
    const { patch, truncated } = protectedPatch({ text, truncated: false }, ['Makefile'], 10_000);
    expect(patch).toBe(quoted + section('Makefile', 3) + section('a.js', 3));
    expect(truncated).toBe(false);
    const cut = protectedPatch({ text, truncated: false }, ['Makefile'], 60);
    expect(cut.patch.length).toBe(60);
    expect(cut.truncated).toBe(true);
    expect(protectedPatch({ text, truncated: true }, [], 10_000).truncated).toBe(true);
  });
});
