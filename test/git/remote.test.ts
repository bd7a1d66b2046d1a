import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TokenPermissions } from '../../src/domain/forge.ts';
import type { CommitId } from '../../src/domain/ids.ts';
import { type GitHttpServer, gitHttpServer } from '../support/git-http-server.ts';
import { codeOf, type GitPlace, gitPlace } from '../support/git-place.ts';

const secret = 'ghs_averysecrettokenoftheapp0123456789';

describe('a forge over HTTP', () => {
  let place: GitPlace;
  let server: GitHttpServer;
  let other: GitHttpServer;
  let tip: CommitId;
  let commit: CommitId;
  const asked: TokenPermissions[] = [];
  const forgotten: TokenPermissions[] = [];

  beforeAll(async () => {
    const root = await gitPlace();
    server = await gitHttpServer(root.directory);
    other = await gitHttpServer(root.directory);
    place = await gitPlace({
      cloneUrl: `${server.origin}/source/.git`,
      localMode: false,
      tokens: {
        token: async (_at, permissions) => {
          asked.push(permissions);
          return { reveal: () => secret, expiresAt: new Date(Date.now() + 3_600_000) };
        },
        forget: (_at, permissions) => forgotten.push(permissions),
        release: () => [],
      },
    });
    await place.sandbox.remove(place.source);
    // The forge's repository is the other place's source.
    forge = root;
    const opened = await place.open();
    tip = opened.tip;
    commit = await opened.workspace.commit({
      tree: (await forge.sh('git rev-parse HEAD~1^{tree}')).trim() as typeof opened.workspace.baseTree,
      parent: tip,
      message: 'Change',
      author: { name: 'bot', email: 'bot@example.invalid' },
      at: new Date(0),
    });
  });
  let forge: GitPlace;
  beforeEach(() => {
    server.answer = async () => undefined;
  });
  afterAll(async () => {
    await server?.close();
    await other?.close();
    await place?.remove();
    await forge?.remove();
  });

  const push = async (branch: string, expected: CommitId | null, id = commit) =>
    await place.pusher.push({ run: place.run, repository: place.repository, branch, commit: id, expected });
  const basic = `Basic ${Buffer.from(`x-access-token:${secret}`).toString('base64')}`;

  it('is read with a read token that no file keeps', async () => {
    expect(server.requests.every(({ authorization }) => authorization === basic)).toBe(true);
    expect(asked).toContainEqual({ contents: 'read' });
    const files = (await readdir(place.stateDir, { recursive: true, withFileTypes: true })).filter((e) =>
      e.isFile(),
    );
    const contents = await Promise.all(
      files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')),
    );
    expect(files.length).toBeGreaterThan(10);
    expect(contents.some((text) => text.includes(secret) || text.includes(basic.slice(6)))).toBe(false);
  });

  it('gets the token in the environment of one command and never in an argument', async () => {
    const commandLines: string[] = [];
    let sawEnvironment = false;
    server.answer = async () => {
      const processes = await readProcesses();
      commandLines.push(...processes.map(({ commandLine }) => commandLine));
      sawEnvironment ||= processes.some(({ environment }) => environment.includes(basic));
      return undefined;
    };
    await place.pusher.remoteTip(place.run, 'main');
    expect(commandLines.some((line) => line.includes('ls-remote'))).toBe(true);
    expect(sawEnvironment).toBe(true);
    expect(commandLines.some((line) => line.includes(secret) || line.includes(basic.slice(6)))).toBe(false);
  });

  it('is pushed to with a new token, once, when the old one ends in the middle of the push', async () => {
    forgotten.length = 0;
    let refused = 0;
    server.answer = async ({ method }) => (method === 'POST' && (refused += 1) === 1 ? 401 : undefined);
    await push('agent/9-expired', null);
    expect(forgotten).toEqual([{ contents: 'write' }]);
    server.answer = async () => undefined;
    expect(await place.pusher.remoteTip(place.run, 'agent/9-expired')).toBe(commit);
  });

  it('is not asked a third time when a new token is not taken either', async () => {
    server.answer = async () => 401;
    asked.length = 0;
    expect(await codeOf(push('agent/9-refused', null))).toBe('github-forbidden');
    expect(asked).toEqual([{ contents: 'write' }, { contents: 'write' }]);
  });

  it('cannot redirect the token elsewhere', async () => {
    server.answer = async () => ({ redirect: other.origin });
    expect(await codeOf(place.pusher.remoteTip(place.run, 'main'))).toBe('github-not-found');
    expect(other.requests).toEqual([]);
  });

  it.each([
    [401, 'github-forbidden'],
    [403, 'github-forbidden'],
    [404, 'github-not-found'],
    [429, 'github-rate-limited'],
    [500, 'github-unavailable'],
    [503, 'github-unavailable'],
  ])('answers %i as %s, without the token in the error', async (status, code) => {
    server.answer = async () => status;
    const failed = place.workspaces.fetch(place.run, place.repository, { branch: 'main', sha: null });
    const error = await failed.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code });
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain(secret);
    expect(String(error)).not.toContain(basic.slice(6));
  });

  it('is unavailable when nobody listens', async () => {
    const gone = { ...place.repository, cloneUrl: 'http://127.0.0.1:1/x.git' };
    expect(await codeOf(place.workspaces.fetch(place.run, gone, { branch: 'main', sha: null }))).toBe(
      'github-unavailable',
    );
  });

  it.each([
    'http://example.invalid/x.git',
    'file:///etc',
    'ext::sh -c id',
    'ssh://git@h/x',
    'git://h/x',
    'https://u:p@h/x',
    '--upload-pack=x',
    'http://127.0.0.1.evil.invalid/x',
  ])('is never reached by %s', async (cloneUrl) => {
    const repository = { ...place.repository, cloneUrl };
    expect(await codeOf(place.workspaces.fetch(place.run, repository, { branch: 'main', sha: null }))).toBe(
      'config-invalid',
    );
  });

  it.each([
    '--upload-pack=x',
    '-d',
    'a..b',
    'a b',
    'a~1',
    'x.lock',
    '.hidden',
    'a//b',
    '@',
    'HEAD',
    'a\nb',
    'refs/../x',
    '',
  ])('is not asked for a branch named %j', async (branch) => {
    expect(await codeOf(place.workspaces.fetch(place.run, place.repository, { branch, sha: null }))).toBe(
      'git-failed',
    );
  });

  it('tells an empty repository from a missing branch', async () => {
    await forge.sh('git init -q --bare ../empty.git');
    const empty = { ...place.repository, id: 8, cloneUrl: `${server.origin}/empty.git` };
    expect(await codeOf(place.workspaces.fetch(place.run, empty, { branch: 'main', sha: null }))).toBe(
      'repository-empty',
    );
    expect(
      await codeOf(place.workspaces.fetch(place.run, place.repository, { branch: 'nope', sha: null })),
    ).toBe('github-not-found');
  });

  it('gives a commit that a pull request keeps after its branch lost it, and says moved for any other', async () => {
    await forge.sh(
      'git checkout -q -b topic && git commit -q --allow-empty -m old && git update-ref refs/pull/5/head HEAD && git checkout -q main',
    );
    const lost = (await forge.sh('git rev-parse topic')).trim() as CommitId;
    await forge.sh('git branch -f topic main');
    const wanted = { branch: 'topic', sha: lost };
    expect(await codeOf(place.workspaces.fetch(place.run, place.repository, wanted))).toBe('git-moved');
    const onPull = {
      ...place.run,
      target: { ...place.run.target, kind: 'pull-request', number: 5 } as const,
    };
    expect(await place.workspaces.fetch(onPull, place.repository, wanted)).toBe(lost);
    const unknown = { branch: 'topic', sha: 'b'.repeat(40) as CommitId };
    expect(await codeOf(place.workspaces.fetch(onPull, place.repository, unknown))).toBe('git-moved');
  });

  it('follows a branch whose name was a directory before', async () => {
    await forge.sh('git branch x main');
    await place.workspaces.fetch(place.run, place.repository, { branch: 'x', sha: null });
    await forge.sh('git branch -D x && git branch x/y main');
    expect(await place.workspaces.fetch(place.run, place.repository, { branch: 'x/y', sha: null })).toBe(tip);
  });

  it('lets several processes’ fetches of one mirror wait for each other', async () => {
    const fetches = Array.from({ length: 4 }, () =>
      place.workspaces.fetch(place.run, place.repository, { branch: 'main', sha: null }),
    );
    expect(await Promise.all(fetches)).toEqual([tip, tip, tip, tip]);
  });

  it('takes a push to the run’s branch with a write token, once or again', async () => {
    await forge.sh('git config http.receivepack true');
    expect(await place.pusher.remoteTip(place.run, 'agent/1-fix')).toBeNull();
    await push('agent/1-fix', null);
    await push('agent/1-fix', null);
    expect(await place.pusher.remoteTip(place.run, 'agent/1-fix')).toBe(commit);
    expect(asked).toContainEqual({ contents: 'write' });
  });

  it('keeps what somebody else pushed in the meantime', async () => {
    await forge.sh('git branch agent/raced main && git branch agent/taken main');
    const theirs = (await forge.sh('git commit-tree -p main -m theirs main^{tree}')).trim() as CommitId;
    await forge.sh(`git update-ref refs/heads/agent/raced ${theirs}`);
    expect(await codeOf(push('agent/raced', tip))).toBe('git-moved');
    expect(await codeOf(push('agent/taken', null))).toBe('git-moved');
    expect(await place.pusher.remoteTip(place.run, 'agent/raced')).toBe(theirs);
    await push('agent/taken', tip);
  });

  it('never rewrites history and never touches another branch', async () => {
    expect(await codeOf(push('agent/1-fix', commit, tip))).toBe('git-moved');
    for (const branch of ['main', 'topic', 'release/1'])
      expect(await codeOf(push(branch, tip))).toBe('github-rejected');
    expect(await codeOf(push('agent/../main', tip))).toBe('git-failed');
    const ownBase = { ...place.run, branches: { ...place.run.branches, head: 'main' } };
    const request = { run: ownBase, repository: place.repository, branch: 'main', commit, expected: tip };
    expect(await codeOf(place.pusher.push(request))).toBe('github-rejected');
  });

  it('is quoted when it refuses by a rule of its own', async () => {
    const hook =
      '#!/bin/sh\necho "error: GH006: Protected branch update failed for refs/heads/agent/kept." >&2; exit 1';
    await forge.sh(`printf '%s\\n' '${hook}' > .git/hooks/pre-receive && chmod +x .git/hooks/pre-receive`);
    const error = await push('agent/kept', null).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'github-rejected' });
    expect(String(error)).toContain('Protected branch update failed');
  });
});

async function readProcesses(): Promise<
  readonly { readonly commandLine: string; readonly environment: string }[]
> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = async (path: string) => await readFile(path, 'latin1').catch(() => '');
  return await Promise.all(
    pids.map(async (pid) => ({
      commandLine: await read(`/proc/${pid}/cmdline`),
      environment: await read(`/proc/${pid}/environ`),
    })),
  );
}
