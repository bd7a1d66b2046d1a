import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createOsvAdvisories } from '../../src/registries/osv-advisories.ts';
import { createPackageSource } from '../../src/registries/package-sources.ts';

const { signal } = new AbortController();
const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A registry on the loopback that answers by path; a string is sent as it is. */
async function registry(
  answers: Readonly<Record<string, unknown>>,
): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(`${request.method} ${path}`);
    const answer = answers[path];
    if (typeof answer === 'number') response.writeHead(answer, { location: '/elsewhere' }).end();
    else if (answer === undefined) response.writeHead(404).end('{}');
    else response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe('package sources', () => {
  it('read npm documents', async () => {
    const { url } = await registry({
      '/@a%2fb': {
        'dist-tags': { latest: '2.0.0' },
        time: { created: '2020-01-02T00:00:00Z' },
        versions: { '1.0.0': {}, '2.0.0': { license: 'MIT', scripts: { postinstall: 'node x' } } },
      },
    });
    const source = createPackageSource({ npm: url });
    expect(await source.lookUp({ ecosystem: 'npm', name: '@a/b' }, signal)).toEqual({
      firstPublishedAt: new Date('2020-01-02T00:00:00Z'),
      versions: 2,
      latest: '2.0.0',
      hasInstallScript: true,
      licence: 'MIT',
    });
    expect(await source.lookUp({ ecosystem: 'npm', name: 'gone' }, signal)).toBe('absent');
  });

  it('read simple indexes of PyPI, also those in HTML', async () => {
    const { url } = await registry({
      '/simple/new-thing/': {
        versions: ['1.0', '1.1'],
        files: [{ 'upload-time': '2021-01-01T00:00:00Z' }, { 'upload-time': '2020-01-01T00:00:00Z' }],
      },
      '/simple/old/': '<!DOCTYPE html>',
    });
    const source = createPackageSource({ pypi: `${url}/simple` });
    expect(await source.lookUp({ ecosystem: 'pypi', name: 'New_Thing' }, signal)).toMatchObject({
      firstPublishedAt: new Date('2020-01-01T00:00:00Z'),
      versions: 2,
      latest: '1.1',
    });
    expect(await source.lookUp({ ecosystem: 'pypi', name: 'old' }, signal)).toMatchObject({ versions: null });
  });

  it('read Go proxies, with capitals escaped', async () => {
    const { url } = await registry({ '/github.com/!a/b/@latest': { Version: 'v1.2.3' } });
    const source = createPackageSource({ go: url });
    expect(await source.lookUp({ ecosystem: 'go', name: 'github.com/A/b' }, signal)).toMatchObject({
      latest: 'v1.2.3',
    });
  });

  it('know nothing without an address, on a refusal, a redirect, an outage', async () => {
    const { url, asked } = await registry({ '/a': 401, '/b': 302, '/c': 503 });
    const source = createPackageSource({ npm: url });
    for (const name of ['a', 'b', 'c']) {
      expect(await source.lookUp({ ecosystem: 'npm', name }, signal)).toBe('unavailable');
    }
    expect(asked).toEqual(['GET /a', 'GET /b', 'GET /c']);
    expect(await source.lookUp({ ecosystem: 'go', name: 'x.org/a' }, signal)).toBe('unavailable');
    const dead = createPackageSource({ npm: 'http://127.0.0.1:1' });
    expect(await dead.lookUp({ ecosystem: 'npm', name: 'a' }, signal)).toBe('unavailable');
  });

  it('ask for no name that would lead elsewhere', async () => {
    const { url, asked } = await registry({});
    const source = createPackageSource({ npm: url, pypi: url, go: url });
    expect(await source.lookUp({ ecosystem: 'npm', name: '../../admin' }, signal)).toBe('absent');
    expect(await source.lookUp({ ecosystem: 'pypi', name: 'a/b?c' }, signal)).toBe('absent');
    expect(await source.lookUp({ ecosystem: 'go', name: 'a/../b' }, signal)).toBe('absent');
    expect(asked).toEqual([]);
  });

  it('throw when the run is stopped', async () => {
    const { url } = await registry({});
    const stopped = AbortSignal.abort(new Error('stopped'));
    const source = createPackageSource({ npm: url });
    await expect(source.lookUp({ ecosystem: 'npm', name: 'a' }, stopped)).rejects.toThrow('stopped');
  });
});

describe('advisories', () => {
  it('are read from OSV, with their severity', async () => {
    const { url } = await registry({
      '/v1/query': {
        vulns: [{ id: 'GHSA-1', summary: 's', database_specific: { severity: 'MODERATE' } }, { id: 'X-2' }],
      },
    });
    const query = { ecosystem: 'npm', name: 'a', version: '1.0.0' } as const;
    expect(await createOsvAdvisories(url).advisories(query, signal)).toEqual([
      { id: 'GHSA-1', summary: 's', severity: 'medium' },
      { id: 'X-2', summary: '', severity: 'unknown' },
    ]);
    const broken = await registry({ '/v1/query': { vulns: 7 } });
    expect(await createOsvAdvisories(broken.url).advisories(query, signal)).toBe('unavailable');
    expect(await createOsvAdvisories('http://127.0.0.1:1').advisories(query, signal)).toBe('unavailable');
  });
});
