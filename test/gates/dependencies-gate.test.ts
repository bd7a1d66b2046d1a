import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/domain/gate.ts';
import { defaultGateSettings } from '../../src/domain/gate-settings.ts';
import type { Advisory, PackageFacts } from '../../src/domain/package-source.ts';
import { isAllowed } from '../../src/gates/dependencies/judge-package.ts';
import { edits, nearName } from '../../src/gates/dependencies/near-names.ts';
import { createDependenciesGate } from '../../src/gates/dependencies-gate.ts';
import { changeInput, type Texts } from './change-input.ts';

const now = new Date('2026-11-01T00:00:00Z');
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000);
const sound: PackageFacts = {
  firstPublishedAt: daysAgo(900),
  versions: 12,
  latest: '2.0.0',
  hasInstallScript: false,
  licence: 'MIT',
};

interface World {
  readonly packages?: Readonly<Record<string, Partial<PackageFacts> | 'absent' | 'unavailable'>>;
  readonly advisories?: readonly Advisory[] | 'unavailable';
  readonly settings?: Partial<typeof defaultGateSettings.dependencies>;
  readonly asked?: string[];
}

function judge(base: Texts, head: Texts, world: World = {}): Promise<Verdict> {
  const gate = createDependenciesGate({
    packages: {
      async lookUp({ ecosystem, name }) {
        world.asked?.push(`${ecosystem} ${name}`);
        const said = world.packages?.[name] ?? {};
        return typeof said === 'string' ? said : { ...sound, ...said };
      },
    },
    advisories: { advisories: async () => world.advisories ?? [] },
    trustedHosts: () => ['mirror.example'],
    now: () => now,
  });
  const settings = { dependencies: { ...defaultGateSettings.dependencies, ...world.settings } };
  return gate.judge(changeInput(base, head, { settings }));
}

const manifest = (dependencies: Readonly<Record<string, string>>): Texts => ({
  'package.json': JSON.stringify({ name: 'own', dependencies }, null, 1),
});
const none = manifest({});
const rulesOf = ({ findings }: Verdict) => findings.map(({ rule, level }) => `${rule} ${level}`);

describe('the dependencies gate', () => {
  it('passes a package that exists and is old enough', async () => {
    const verdict = await judge(none, manifest({ 'quick-sort-list': '^2.0.0' }));
    expect(verdict).toMatchObject({ status: 'pass', summary: '1 new direct dependency, nothing found' });
  });

  it('is not run where no direct dependency is new, and asks about none that was there', async () => {
    const asked: string[] = [];
    const base = manifest({ 'some-package': '1.0.0' });
    const verdict = await judge(base, manifest({ 'some-package': '2.0.0' }), { asked });
    expect([verdict.status, asked]).toEqual(['not-run', []]);
    expect((await judge({}, { 'a.js': 'let a;\n' })).status).toBe('not-run');
  });

  it('blocks a package that does not exist, and names its line', async () => {
    const head = manifest({ 'huggingface-cli-tools': '1.0.0' });
    const verdict = await judge(none, head, { packages: { 'huggingface-cli-tools': 'absent' } });
    expect(verdict).toMatchObject({ status: 'fail', blocking: true });
    expect(verdict.findings[0]).toMatchObject({ rule: 'dependency-absent', path: 'package.json', line: 4 });
  });

  it('says not-checked, and never pass, where no registry answers', async () => {
    const verdict = await judge(none, manifest({ thing: '1.0.0' }), { packages: { thing: 'unavailable' } });
    expect(verdict).toMatchObject({ status: 'not-checked', blocking: false });
    const silent = await judge(none, manifest({ thing: '1.0.0' }), { advisories: 'unavailable' });
    expect(silent.status).toBe('not-checked');
  });

  it.each([
    ['dependency-young', { firstPublishedAt: daysAgo(29) }],
    ['dependency-single', { versions: 1 }],
    ['dependency-script', { hasInstallScript: true }],
    ['dependency-licence', { licence: 'AGPL-3.0-only' }],
  ])('warns by %s', async (rule, facts) => {
    const verdict = await judge(none, manifest({ thing: '1.0.0' }), { packages: { thing: facts } });
    expect(rulesOf(verdict)).toEqual([`${rule} warning`]);
    expect(verdict).toMatchObject({ status: 'fail', blocking: false });
  });

  it('takes age and licences from the settings, at their edges', async () => {
    const thing = { thing: { firstPublishedAt: daysAgo(30), licence: 'AGPL-3.0-only' } };
    const head = manifest({ thing: '1.0.0' });
    const rules = async (settings: World['settings']) =>
      rulesOf(await judge(none, head, { packages: thing, settings: settings ?? {} }));
    expect(await rules({ licences: [] })).toEqual([]);
    expect(await rules({ licences: [], minAgeDays: 31 })).toEqual(['dependency-young warning']);
    expect(await rules({ licences: ['AGPL-3.0-only'], minAgeDays: 30 })).toEqual([]);
    expect(await rules({ licences: ['MIT'] })).toEqual(['dependency-licence warning']);
  });

  it('asks about no package that the settings name or the repository holds', async () => {
    const asked: string[] = [];
    const head = {
      ...manifest({ '@own/part': '*', 'private-thing': '1.0.0' }),
      'packages/part/package.json': '{"name":"@own/part"}',
    };
    const verdict = await judge(none, head, { asked, settings: { ignore: ['private-thing'] } });
    expect([verdict.status, asked]).toEqual(['not-run', []]);
  });

  it('blocks critical and high advisories and warns of others', async () => {
    const advisory = (severity: Advisory['severity']): Advisory => ({ id: 'GHSA-1', severity, summary: 's' });
    const rules = async (severity: Advisory['severity']) =>
      rulesOf(await judge(none, manifest({ thing: '1.0.0' }), { advisories: [advisory(severity)] }));
    expect(await rules('critical')).toEqual(['advisory-GHSA-1 error']);
    expect(await rules('high')).toEqual(['advisory-GHSA-1 error']);
    expect(await rules('medium')).toEqual(['advisory-GHSA-1 warning']);
  });

  it('warns of names that are easily taken for others', async () => {
    expect(rulesOf(await judge(none, manifest({ expresss: '1.0.0' })))).toEqual(['dependency-name warning']);
    const base = manifest({ 'our-own-tool': '1.0.0' });
    const head = manifest({ 'our-own-tool': '1.0.0', 'our-own-tol': '1.0.0' });
    expect(rulesOf(await judge(base, head))).toEqual(['dependency-name warning']);
    expect(rulesOf(await judge(none, manifest({ express: '1.0.0' })))).toEqual([]);
  });

  it('warns of what comes from outside the registries, without asking one', async () => {
    const asked: string[] = [];
    const head = manifest({ thing: 'git+https://evil.example/thing.git' });
    expect(rulesOf(await judge(none, head, { asked }))).toEqual(['dependency-elsewhere warning']);
  });

  it.each([
    ['package.json', '{"devDependencies":{"alias":"npm:@scope/real@1"}}', 'npm @scope/real'],
    ['api/requirements.txt', '# c\nNew_Thing[extra]>=1.0 # why\n-r other.txt\n', 'pypi new-thing'],
    ['pyproject.toml', '[project]\ndependencies = ["new.thing>=1"]\n', 'pypi new-thing'],
    ['pyproject.toml', '[tool.poetry.dependencies]\npython = "^3"\nnew-thing = "^1"\n', 'pypi new-thing'],
    ['pyproject.toml', '[dependency-groups]\ndev = ["new-thing"]\n', 'pypi new-thing'],
    ['go.mod', 'module a\n\nrequire (\n\tx.org/b v1.0.0\n\tx.org/c v1.0.0 // indirect\n)\n', 'go x.org/b'],
  ])('reads %s', async (path, text, expected) => {
    const asked: string[] = [];
    await judge({}, { [path]: text }, { asked });
    expect(asked).toEqual([expected]);
  });
});

describe('lockfiles', () => {
  const entry = (fields: Readonly<Record<string, string>>) => ({
    'package-lock.json': JSON.stringify({ packages: { 'node_modules/a': fields } }, null, 1),
  });
  const usual = {
    version: '1.0.0',
    resolved: 'https://packages.example/a/-/a-1.0.0.tgz',
    integrity: 'sha512-x',
  };

  it('may not fetch from a host where nothing came from before', async () => {
    const evil = { ...usual, resolved: 'https://evil.example/a-1.0.0.tgz' };
    expect(rulesOf(await judge(entry(usual), entry(evil)))).toEqual(['lockfile-host error']);
    expect(rulesOf(await judge(entry(evil), entry({ ...evil, version: '1.0.1' })))).toEqual([]);
    const mirror = { ...usual, resolved: 'https://mirror.example/a-1.0.0.tgz' };
    expect(rulesOf(await judge(entry(usual), entry(mirror)))).toEqual([]);
  });

  it('is shown its hosts where it is the first, and blocks nobody for them', async () => {
    expect(rulesOf(await judge({}, entry(usual)))).toEqual(['lockfile-host warning']);
  });

  it('may not fetch without TLS', async () => {
    const plain = { ...usual, resolved: 'http://packages.example/a/-/a-1.0.0.tgz' };
    expect(rulesOf(await judge(entry(usual), entry(plain)))).toEqual(['lockfile-host error']);
  });

  it('may not give a version another hash, nor a new package none', async () => {
    expect(rulesOf(await judge(entry(usual), entry({ ...usual, integrity: 'sha512-y' })))).toEqual([
      'lockfile-hash error',
    ]);
    const otherKind = { ...usual, integrity: 'sha1-z' };
    expect((await judge(entry(otherKind), entry(usual))).status).toBe('pass');
    const bare = { version: '1.0.0', resolved: usual.resolved };
    expect(rulesOf(await judge({}, entry(bare)))).toEqual(['lockfile-host warning', 'lockfile-hash error']);
    const next = { ...usual, version: '1.0.1', integrity: 'sha512-y' };
    expect((await judge(entry(usual), entry(next))).status).toBe('pass');
  });
});

describe('names and licences', () => {
  it('counts edits, with neighbours swapped as one', () => {
    expect(edits('lodash', 'lodahs', 2)).toBe(1);
    expect(edits('lodash', 'lodsh', 2)).toBe(1);
    expect(edits('lodash', 'express', 2)).toBeGreaterThan(2);
  });

  it('takes one edit for short names and two for long ones', () => {
    expect(nearName('npm', 'lodahs', [])).toBe('lodash');
    expect(nearName('npm', 'xpres', [])).toBeNull();
    expect(nearName('npm', 'typescirp', [])).toBe('typescript');
    expect(nearName('npm', 'vit', [])).toBeNull();
  });

  it('reads SPDX expressions', () => {
    expect(isAllowed('MIT', ['MIT'])).toBe(true);
    expect(isAllowed('(MIT OR GPL-3.0-only)', ['MIT'])).toBe(true);
    expect(isAllowed('MIT AND GPL-3.0-only', ['MIT'])).toBe(false);
    expect(isAllowed('Apache-2.0 WITH LLVM-exception', ['Apache-2.0'])).toBe(true);
    expect(isAllowed('SEE LICENSE IN x', ['MIT'])).toBe(false);
  });
});
