import { existsSync, statfsSync, statSync } from 'node:fs';
import { chmod, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox, SandboxRun } from '../../src/domain/sandbox.ts';
import { createBwrapSandbox } from '../../src/sandbox/bwrap-sandbox.ts';
import { createContainerSandbox } from '../../src/sandbox/container-sandbox.ts';
import { removeTree } from '../../src/sandbox/sandbox-directories.ts';
import { directories } from '../contract/sandbox-directories.ts';
import { processesOf } from '../support/processes-of.ts';
import { silentLog } from '../support/silent-log.ts';
import { withContainerEngine } from '../support/with-container-engine.ts';

const mebibyte = 1024 * 1024;
const limits = {
  memoryBytes: 512 * mebibyte,
  processesMax: 128,
  fileBytesMax: 64 * mebibyte,
  outputBytesMax: 16 * mebibyte,
};
const common = { registries: [], log: silentLog, diskReserveBytes: 64 * mebibyte };

describeEngine('bubblewrap', (stateDir) => createBwrapSandbox({ ...common, stateDir }));
await withContainerEngine('cases 139 to 141 in containers', (engine) => {
  describeEngine('container', (stateDir) =>
    createContainerSandbox({ ...common, ...engine, runtime: null, stateDir }),
  );
});

function describeEngine(name: string, create: (stateDir: string) => Sandbox): void {
  describe(`what a ${name} sandbox can use up and leave behind`, () => {
    let root: string;
    let sandbox: Sandbox;
    let run: SandboxRun;

    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'hostile-'));
      await chmod(root, 0o755);
      sandbox = create(join(root, 'state'));
      run = await sandbox.open({ ...(await directories(sandbox, root, 'limits')), limits });
    });
    afterAll(async () => {
      await run?.close();
      await removeTree(root);
    });

    /** The machine answers as before, and nothing of the sandbox's user lives. */
    const expectHealthy = async (): Promise<void> => {
      const startedMs = performance.now();
      await readdir('/proc');
      expect(performance.now() - startedMs).toBeLessThan(2_000);
      expect((await run.exec({ command: 'echo alive', timeoutMs: 30_000 })).stdout.text).toBe('alive\n');
      const { uid } = statSync(join(root, 'limits', 'ws'));
      expect(uid === process.getuid?.() ? [] : processesOf(uid)).toEqual([]);
    };

    it('case 139: another sandbox’s server is not reachable, its own is', async () => {
      const other = await sandbox.open(await directories(sandbox, root, 'other'));
      const server =
        "import socket, time\ns = socket.create_server(('0.0.0.0', 7777))\nopen('ready', 'w').close()\ns.accept()[0].sendall(b'reached')\ntime.sleep(20)";
      const client =
        "import socket; print(socket.create_connection(('127.0.0.1', 7777), 2).recv(7).decode())";
      const serving = other.exec({
        command: `/usr/bin/python3 -c "$SERVER" & while [ ! -e ready ]; do sleep 0.1; done; touch serving; sleep 3; /usr/bin/python3 -c "$CLIENT"; kill %1`,
        env: { SERVER: server, CLIENT: client },
        timeoutMs: 60_000,
      });
      const ready = join(root, 'other', 'ws', 'serving');
      const asked = await run.exec({
        command: ['/usr/bin/python3', '-c', client],
        timeoutMs: 20_000,
      });
      expect(asked.stdout.text).toBe('');
      expect(asked.stderr.text).toContain('refused');
      expect((await serving).stdout.text).toBe('reached\n');
      expect(existsSync(ready)).toBe(true);
      await other.close();
    });

    it.each([
      { name: 'a fork bomb', command: 'f() { f | f & }; f; sleep 100', canEndWell: false },
      {
        name: '64 GB of memory',
        command: '/usr/bin/python3 -c "bytearray(64 * 1024 ** 3)"',
        canEndWell: false,
      },
      {
        name: '64 GB of memory, a little by each of many',
        command: 'for i in $(seq 40); do (head -c 1600M /dev/zero | tail > /dev/null) & done; wait',
        canEndWell: true,
      },
      {
        name: 'ten million files',
        command: 'i=0; while :; do i=$((i+1)); mkdir -p d$((i/1000)); : > d$((i/1000))/f$i; done',
        canEndWell: false,
      },
      {
        name: 'a log of 100 GB',
        command: 'while :; do head -c 60M /dev/zero >> log || exit 1; done',
        canEndWell: false,
      },
      { name: 'output without end', command: 'yes', canEndWell: false },
      { name: 'a sparse file of 100 TB', command: 'truncate -s 100T sparse', canEndWell: false },
    ])('case 140: $name ends at its limits, with the machine healthy', async ({ command, canEndWell }) => {
      const { bavail, bsize } = statfsSync(root);
      const result = await run.exec({ command, timeoutMs: 5_000 });
      expect([0, canEndWell]).not.toEqual([result.exitCode, false]);
      expect(result.durationMs).toBeLessThan(30_000);
      const after = statfsSync(root);
      expect((bavail - after.bavail) * bsize).toBeLessThan(16_384 * mebibyte);
      await run.exec({ command: 'rm -rf log sparse d*', timeoutMs: 60_000 });
      await expectHealthy();
    });

    it.each([
      ['a daemon in its own session', 'setsid nohup sleep 1000 > /dev/null 2>&1 & exit 0'],
      ['a double fork', '( ( sleep 1000 <&- >&- 2>&- & ) & ) ; exit 0'],
      ['a stopped child', 'sleep 1000 & kill -STOP $!; exit 0'],
      ['a child that ignores signals', 'sh -c "trap \'\' TERM HUP INT; sleep 1000" & exit 0'],
    ])('case 141: %s is gone when its command is', async (_name, command) => {
      expect((await run.exec({ command, timeoutMs: 30_000 })).ended).toBe('exit');
      await expectHealthy();
    });
  });
}
