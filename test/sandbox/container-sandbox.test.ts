import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ContainerSandboxOptions, createContainerSandbox } from '../../src/sandbox/container-sandbox.ts';
import { removeTree } from '../../src/sandbox/sandbox-directories.ts';
import { selfTest } from '../../src/sandbox/self-test.ts';
import { sandboxContract } from '../contract/sandbox-contract.ts';
import { directories } from '../contract/sandbox-directories.ts';
import type { TestEngine } from '../support/container-engine.ts';
import { gitPlace, inside } from '../support/git-place.ts';
import { processesOf } from '../support/processes-of.ts';
import { silentLog } from '../support/silent-log.ts';
import { withContainerEngine } from '../support/with-container-engine.ts';
import { startTlsServer, tlsThroughProxy } from './tls-server.ts';

await withContainerEngine('the container engine', (engine) => {
  sandboxContract('the container engine', (root) =>
    createContainerSandbox({ ...optionsAt(engine, root), diskReserveBytes: 64 * 1024 ** 2 }),
  );
  describeContainers(engine);
});

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function optionsAt(from: TestEngine, root: string): ContainerSandboxOptions {
  return {
    stateDir: join(root, 'state'),
    program: from.program,
    clientEnv: from.clientEnv,
    image: from.image,
    runtime: null,
    registries: [],
    log: silentLog,
    diskReserveBytes: 0,
  };
}

function describeContainers(from: TestEngine): void {
  let root: string;
  const create = (options: Partial<ContainerSandboxOptions> = {}) =>
    createContainerSandbox({ ...optionsAt(from, root), ...options });
  const containers = async (): Promise<string> => (await from.docker('ps', '--all', '--quiet')).trim();

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'containers-'));
    await chmod(root, 0o755);
  });
  afterAll(() => removeTree(root));

  describe('the container engine, besides the contract', () => {
    it('finds itself sound where it works, and names what is missing where not', async () => {
      expect(await create().probe()).toMatchObject({ ok: true, engine: 'container', problems: [] });
      const code = async (options: Partial<ContainerSandboxOptions>) =>
        (await create(options).probe()).problems.map((problem) => problem.code);
      expect(await code({ image: 'not-here' })).toEqual(['container-image-missing']);
      // Podman does not say which runtimes it knows.
      const missing = from.program.includes('podman') ? 'sandbox-broken' : 'container-runtime-missing';
      expect(await code({ runtime: 'runsc' })).toEqual([missing]);
      expect(await code({ program: '/no/such/docker' })).toEqual(['container-engine-missing']);
      const nowhere = { DOCKER_HOST: `unix://${join(root, 'nothing.sock')}` };
      expect(await code({ clientEnv: nowhere })).toEqual(['container-engine-unreachable']);
      expect(await containers()).toBe('');
    });

    it('keeps every promise of the self-test, in the words of the doctor', async () => {
      const results = await selfTest(create(), join(root, 'state'));
      expect(results.filter(({ state }) => state !== 'holds')).toEqual([]);
      expect(results.length).toBeGreaterThan(15);
    });

    it('reaches registries through the proxy and nothing else, over all its commands', async () => {
      const server = await startTlsServer();
      const sandbox = create({ registries: [`private:localhost:${server.port}`] });
      const run = await sandbox.open({ ...(await directories(sandbox, root, 'net')), network: 'registries' });
      try {
        const asked = await run.exec({ command: ['/usr/bin/python3', '-c', tlsThroughProxy(server.port)] });
        expect([asked.stdout.text, asked.stderr.text]).toEqual(['hello\n', '']);
        const denied = await run.exec({ command: 'curl -sk -m 5 https://evil.example/; echo "[$?]"' });
        expect(denied.stdout.text).toBe('[56]\n');
        const direct = `import socket; print(socket.socket().connect_ex(('127.0.0.1', ${server.port})))`;
        expect((await run.exec({ command: ['/usr/bin/python3', '-c', direct] })).stdout.text).toBe('111\n');
        const holder = await run.exec({
          command: 'ps -e | grep -c node; ls -A /egress; cat /proc/net/route',
        });
        expect(holder.stdout.text.split('\n').length).toBe(3);
        expect(run.egress().map(({ host, allowed }) => [host, allowed])).toEqual([
          ['localhost', true],
          ['evil.example', false],
        ]);
      } finally {
        await run.close();
        await server.close();
      }
      expect(await containers()).toBe('');
    });

    it('removes what a process that was killed left running, before the workspace is used again', async () => {
      const child = spawn(
        process.execPath,
        [
          fileURLToPath(new URL('abandoned-container.ts', import.meta.url)),
          JSON.stringify(optionsAt(from, root)),
        ],
        { stdio: ['pipe', 'pipe', 'inherit'] },
      );
      const [workspace] = (await once(child.stdout, 'data')) as [Buffer];
      const { uid } = await stat(workspace.toString().trim());
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
      // By their command: a bot that is an ordinary user shares its uid with its sandboxes.
      const left = () => processesOf(uid).filter((pid) => commandLine(pid).includes('sleep 1000'));
      expect(left().length).toBeGreaterThan(0);
      const sandbox = create();
      const run = await sandbox.open(await directories(sandbox, root, 'after'));
      expect(left()).toEqual([]);
      await run.close();
    });

    it('leaves the containers of a living process alone', async () => {
      const first = create();
      const run = await first.open(await directories(first, root, 'living'));
      const sleeping = run.exec({ command: 'echo started > started; sleep 3; echo slept' });
      const second = create();
      await (await second.open(await directories(second, root, 'other'))).close();
      expect((await sleeping).stdout.text).toBe('slept\n');
      await run.close();
    });

    it('serves the pipeline’s work trees: change, checkpoint, restore', async () => {
      const place = await gitPlace({ createSandbox: (stateDir) => create({ stateDir }) });
      const { workspace } = await place.open();
      const run = await place.enter(workspace);
      await inside(run, 'echo changed > src/a.txt; echo new > "src/n w"');
      const tree = await workspace.checkpoint(run);
      const changed = await workspace.changes(workspace.baseTree, tree);
      expect(changed.map(({ path, status }) => `${status} ${path}`)).toEqual([
        'modified src/a.txt',
        'added src/n w',
      ]);
      await workspace.restore(run, workspace.baseTree);
      expect(await inside(run, 'cat src/a.txt; ls src')).toBe('one\nmore\na.txt\nb.txt\n');
      await run.close();
      await place.remove();
    });

    it('mounts what it is given, read-only unless said otherwise, whatever is in its name', async () => {
      const sandbox = create();
      const spec = await directories(sandbox, root, 'mounts,readonly=false');
      const run = await sandbox.open({
        ...spec,
        name: 'mounts',
        mounts: [{ source: spec.out, target: '/given' }],
      });
      const result = await run.exec({
        command: 'echo x > /out/x; cat /given/x; touch /given/y || echo closed',
      });
      expect(result.stdout.text).toBe('x\nclosed\n');
      await run.close();
    });
  });
}
