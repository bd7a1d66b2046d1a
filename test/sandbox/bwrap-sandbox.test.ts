import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BwrapSandboxOptions, createBwrapSandbox } from '../../src/sandbox/bwrap-sandbox.ts';
import { removeTree } from '../../src/sandbox/sandbox-directories.ts';
import { directories } from '../contract/sandbox-directories.ts';
import { silentLog } from '../support/silent-log.ts';
import { startTlsServer, tlsThroughProxy } from './tls-server.ts';

let root: string;
const isRoot = process.getuid?.() === 0;
const mebibyte = 1024 * 1024;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bwrap-'));
  await chmod(root, 0o755);
});

afterAll(() => removeTree(root));

const create = (options: Partial<BwrapSandboxOptions> = {}) =>
  createBwrapSandbox({
    stateDir: join(root, 'state'),
    registries: [],
    log: silentLog,
    diskReserveBytes: 0,
    ...options,
  });

describe('the bubblewrap engine', () => {
  it('finds itself sound on a machine where it works', async () => {
    const probe = await create().probe();
    expect(probe.problems).toEqual([]);
    expect(probe).toMatchObject({ ok: true, engine: 'bwrap' });
  });

  it('does not pass on descriptors that our process inherited', async () => {
    const place = join(root, 'descriptors');
    mkdirSync(join(place, 'ws'), { recursive: true });
    chmodSync(place, 0o755);
    writeFileSync(join(place, 'secret'), 'secret bytes');
    const secret = openSync(join(place, 'secret'), 'r');
    const stdio: ('ignore' | 'pipe' | number)[] = ['ignore', 'pipe', 'pipe'];
    while (stdio.length < 200) {
      stdio.push('ignore');
    }
    stdio.push(secret);
    const child = fileURLToPath(new URL('inherited-descriptor-child.ts', import.meta.url));
    const result = spawnSync(process.execPath, [child, place], { stdio, encoding: 'utf8' });
    closeSync(secret);
    expect([result.stderr, result.stdout]).toEqual(['', '0\n']);
  });

  it('counts memory over all processes where there are no control groups', async () => {
    const sandbox = create({ controlGroups: false });
    const run = await sandbox.open({
      ...(await directories(sandbox, root, 'rss')),
      limits: { memoryBytes: 150 * mebibyte },
    });
    const program =
      'x=bytearray(60*1024*1024)\nfor i in range(0,len(x),4096): x[i]=1\nimport time; time.sleep(30)';
    const many = await run.exec({
      command: 'for i in 1 2 3 4; do /usr/bin/python3 -c "$P" & done; wait',
      env: { P: program },
    });
    expect(many).toMatchObject({ ended: 'out-of-memory', exitCode: null });
    const single = await run.exec({ command: ['/usr/bin/python3', '-c', 'bytearray(200*1024*1024)'] });
    expect(single.stderr.text).toContain('MemoryError');
    const forks = await run.exec({
      command: 'for i in $(seq 600); do sleep 5 & done 2>&1 | grep -c fork',
      timeoutMs: 8000,
    });
    expect(forks.stdout.text).not.toBe('0\n');
    await run.close();
  });

  it('starts nothing when less than the disk reserve is free', async () => {
    const spec = await directories(create(), root, 'disk');
    await expect(create({ diskReserveBytes: Number.MAX_SAFE_INTEGER }).open(spec)).rejects.toMatchObject({
      code: 'disk-full',
    });
  });

  it.runIf(isRoot)('gives the directories of one run one user, and another run another', async () => {
    const sandbox = create({ uidBase: 300_000 });
    const one = await directories(sandbox, root, 'run-one');
    const two = await directories(sandbox, root, 'run-two');
    const owner = async (path: string) => (await stat(path)).uid;
    expect(await owner(one.workspace)).toBe(await owner(one.out));
    expect(await owner(one.workspace)).not.toBe(await owner(two.workspace));
    expect(await owner(one.workspace)).toBeGreaterThanOrEqual(300_000);
  });

  it('mounts what it is given, read-only unless said otherwise', async () => {
    const sandbox = create();
    const spec = await directories(sandbox, root, 'mounts');
    await mkdir(join(root, 'tools'));
    await writeFile(join(root, 'tools/tool'), '#!/bin/sh\necho tool\n', { mode: 0o755 });
    const run = await sandbox.open({
      ...spec,
      mounts: [{ source: join(root, 'tools'), target: '/toolchains/t' }],
    });
    const result = await run.exec({
      command: '/toolchains/t/tool; touch /toolchains/t/x 2> /dev/null || echo read-only',
    });
    expect(result.stdout.text).toBe('tool\nread-only\n');
    await run.close();
  });

  it.runIf(isRoot)(
    'says clearly when a mount or its own directory is closed to the unprivileged user',
    async () => {
      const sandbox = create();
      const spec = await directories(sandbox, root, 'closed');
      const closed = join(root, 'private');
      await mkdir(join(closed, 'inner'), { recursive: true });
      await chmod(closed, 0);
      const mounts = [{ source: join(closed, 'inner'), target: '/x' }];
      const refusal = { code: 'sandbox-unavailable', message: expect.stringContaining(closed) };
      await expect(sandbox.open({ ...spec, mounts })).rejects.toMatchObject(refusal);
      await expect(create({ stateDir: join(closed, 'state') }).open(spec)).rejects.toMatchObject(refusal);
      await expect(
        sandbox.open({ ...spec, mounts: [{ source: '/no/such', target: '/x' }] }),
      ).rejects.toMatchObject({
        message: expect.stringContaining('does not exist'),
      });
    },
  );

  it('removes the network directories of processes that are gone', async () => {
    const stateDir = join(root, 'stale');
    const gone = spawnSync('/bin/true').pid;
    mkdirSync(join(stateDir, `run-${gone}-1`), { recursive: true });
    mkdirSync(join(stateDir, `run-${process.pid}-999`), { recursive: true });
    const sandbox = create({ stateDir });
    await (await sandbox.open(await directories(sandbox, root, 'fresh'))).close();
    expect(readdirSync(stateDir).filter((name) => name.startsWith('run-'))).toEqual([
      `run-${process.pid}-999`,
    ]);
  });
});

describe('a sandbox with registries', () => {
  it('reaches them through the proxy and nothing else, over all its commands', async () => {
    const server = await startTlsServer();
    const sandbox = create({ registries: [`private:localhost:${server.port}`] });
    const run = await sandbox.open({ ...(await directories(sandbox, root, 'net')), network: 'registries' });
    const curl = (url: string) =>
      run.exec({ command: `curl -sk --noproxy x -m 5 --http0.9 ${url}; echo "[$?]"`, timeoutMs: 8000 });
    try {
      const asked = await run.exec({
        command: ['/usr/bin/python3', '-c', tlsThroughProxy(server.port)],
      });
      expect(asked.stdout.text).toBe('hello\n');
      expect((await curl('https://evil.example/')).stdout.text).toBe('[56]\n');
      const direct = `import socket; print(socket.socket().connect_ex(('127.0.0.1', ${server.port})))`;
      expect((await run.exec({ command: ['/usr/bin/python3', '-c', direct] })).stdout.text).toBe('111\n');
      const holder = await run.exec({ command: 'ps -e | grep -c -E "node|nsenter"; ls /egress 2>&1' });
      expect(holder.stdout.text).toMatch(/^0\n.*No such file/);
      expect(run.egress().map(({ host, allowed }) => [host, allowed])).toEqual([
        ['localhost', true],
        ['evil.example', false],
      ]);
    } finally {
      await run.close();
      await server.close();
    }
    expect(readdirSync(join(root, 'state')).filter((name) => name.startsWith('run-'))).toEqual([]);
  });

  it('lets a later command reach a server that another one is running', async () => {
    const sandbox = create();
    const run = await sandbox.open({
      ...(await directories(sandbox, root, 'shared')),
      network: 'registries',
    });
    const serving = run.exec({
      command: ['/usr/bin/python3', '-u', '-m', 'http.server', '8099', '--bind', '127.0.0.1'],
    });
    const asked = await run.exec({
      command:
        'curl -s --retry 20 --retry-connrefused --retry-delay 1 -o /dev/null -w "%{http_code}" localhost:8099',
    });
    expect(asked.stdout.text).toBe('200');
    await run.close();
    expect((await serving).ended).toBe('aborted');
  });
});

describe('removing as an ordinary user', () => {
  it('works on trees without permissions', () => {
    const place = join(root, 'ordinary');
    mkdirSync(join(place, 'a/b/c'), { recursive: true });
    if (isRoot) {
      execFileSync('/bin/chown', ['-R', '4242:4242', place]);
      chmodSync(root, 0o777);
    }
    execFileSync('/bin/chmod', ['000', join(place, 'a/b'), join(place, 'a')]);
    const program = `import { removeTree } from '${new URL('../../src/sandbox/sandbox-directories.ts', import.meta.url).href}'; await removeTree(${JSON.stringify(join(place, 'a'))});`;
    const identity = isRoot ? { uid: 4242, gid: 4242 } : {};
    execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: '/', ...identity });
    expect(existsSync(join(place, 'a'))).toBe(false);
  });
});
