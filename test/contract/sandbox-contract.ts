import { statSync } from 'node:fs';
import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Sandbox, SandboxCommand, SandboxResult, SandboxRun } from '../../src/domain/sandbox.ts';
import { descendants } from '../../src/sandbox/process-tree.ts';
import { processesOf } from '../support/processes-of.ts';
import { directories } from './sandbox-directories.ts';
import { describeNoNetwork } from './sandbox-no-network.ts';

const mebibyte = 1024 * 1024;
const secret = 'canary-7f3a9c51-never-in-a-sandbox';

/** What every isolating engine behind the `Sandbox` port promises, tried by hostile commands. */
export function sandboxContract(name: string, create: (root: string) => Sandbox): void {
  describe(`${name} as a sandbox`, () => {
    let root: string;
    let sandbox: Sandbox;
    let run: SandboxRun;
    let workspace: string;

    beforeAll(async () => {
      vi.stubEnv('CONTRACT_CANARY', secret);
      root = await mkdtemp(join(tmpdir(), 'sandbox-contract-'));
      await chmod(root, 0o755);
      sandbox = create(root);
      const spec = await directories(sandbox, root, 'main');
      workspace = spec.workspace;
      await writeFile(join(root, 'secret'), secret, { mode: 0o644 });
      run = await sandbox.open({
        ...spec,
        limits: {
          memoryBytes: 300 * mebibyte,
          processesMax: 64,
          fileBytesMax: 64 * mebibyte,
          outputBytesMax: 8 * mebibyte,
        },
      });
    });

    afterAll(async () => {
      await run?.close();
      await sandbox.remove(root);
    });

    const exec = (
      command: SandboxCommand['command'],
      more: Partial<SandboxCommand> = {},
    ): Promise<SandboxResult> => run.exec({ timeoutMs: 10_000, ...more, command });
    const text = async (command: SandboxCommand['command']): Promise<string> =>
      (await exec(command)).stdout.text.trim();
    /** Nothing that we started is left, and the sandbox still works. */
    const expectNothingLeft = async (): Promise<void> => {
      expect(leftovers(sandbox.engine, workspace)).toEqual([]);
      expect(await text('echo alive')).toBe('alive');
    };

    describe('ordinary commands', () => {
      it('gives back exit code, both streams and the duration', async () => {
        const result = await exec('echo out; echo err >&2; exit 3');
        expect(result).toMatchObject({ exitCode: 3, ended: 'exit' });
        expect([result.stdout.text, result.stderr.text]).toEqual(['out\n', 'err\n']);
        expect(result.durationMs).toBeGreaterThan(0);
      });

      it('lets output be opened by path, as build scripts do', async () => {
        const result = await exec(
          'echo out > /dev/stdout; echo err > /dev/stderr; echo both | tee /dev/stderr',
        );
        expect([result.stdout.text, result.stderr.text]).toEqual(['out\nboth\n', 'err\nboth\n']);
      });

      it('runs an array without a shell', async () => {
        expect(await text(['/usr/bin/printf', '%s|', '$HOME', 'a b', ';id'])).toBe('$HOME|a b|;id|');
      });

      it('starts in the workspace or a directory of it, and refuses to leave it', async () => {
        await exec('mkdir -p deep/er');
        expect((await exec('pwd', { cwd: 'deep/er' })).stdout.text).toBe('/workspace/deep/er\n');
        expect(await exec('pwd', { cwd: '../../etc' })).toMatchObject({ exitCode: 126 });
        expect(await exec('pwd', { cwd: 'missing' })).toMatchObject({ exitCode: 126 });
      });

      it('writes to workspace, home and out, where the host finds it', async () => {
        await exec('echo w > /workspace/w; echo h > $HOME/h; echo o > /out/o');
        expect(await readFile(join(workspace, 'w'), 'utf8')).toBe('w\n');
        expect(await readFile(join(workspace, '../out/o'), 'utf8')).toBe('o\n');
      });

      it('passes standard input and extra variables', async () => {
        const result = await exec('cat; echo "$EXTRA"', { stdin: 'typed ', env: { EXTRA: 'x=y z' } });
        expect(result.stdout.text).toBe('typed x=y z\n');
      });

      it('answers 126 or 127 for a command that does not exist, and goes on', async () => {
        expect((await exec(['/no/such/program'])).exitCode).toBe(127);
        expect((await exec([])).exitCode).toBe(126);
      });

      it('knows users, localhost and a private /tmp that does not outlive the command', async () => {
        expect(await text('id -un; getent hosts localhost | tail -1; touch /tmp/x; ls /tmp')).toMatch(
          /^agent\n\S+\s+localhost[^\n]*\nx$/,
        );
        expect(await text('ls -A /tmp')).toBe('');
      });

      it('refuses commands after close and kills what is running then', async () => {
        const other = await sandbox.open(await directories(sandbox, root, 'closing'));
        const sleeping = other.exec({ command: 'echo started; sleep 100' });
        await other.close();
        expect((await sleeping).ended).toBe('aborted');
        await expect(other.exec({ command: 'true' })).rejects.toMatchObject({ code: 'sandbox-failed' });
      });
    });

    describe('processes', () => {
      it.each([
        ['a daemon in its own session', 'setsid nohup sleep 1000 > /dev/null 2>&1 & exit 0'],
        ['a daemon that keeps stdout open', 'setsid sleep 1000 & disown; exit 0'],
        ['a double fork with closed descriptors', '( ( sleep 1000 <&- >&- 2>&- & ) & ) ; exit 0'],
        ['a child that ignores signals', 'sh -c "trap \'\' TERM HUP INT; sleep 1000" & exit 0'],
        ['a stopped child', 'sleep 1000 & kill -STOP $!; exit 0'],
        ['kill -9 -1', 'sleep 1000 & kill -9 -1; exit 0'],
      ])('leaves nothing of %s', async (_name, command) => {
        const result = await exec(command);
        expect(result.ended).toBe('exit');
        expect(result.durationMs).toBeLessThan(5000);
        await expectNothingLeft();
      });

      it('ends a command at its timeout, whatever it does with signals', async () => {
        const result = await exec("trap '' TERM INT HUP; while :; do :; done", { timeoutMs: 300 });
        expect(result).toMatchObject({ ended: 'timeout', exitCode: null });
        expect(result.durationMs).toBeLessThan(3000);
        await expectNothingLeft();
      });

      it('ends a command when its signal aborts, also before it began', async () => {
        const abort = new AbortController();
        const running = exec('sleep 100', { signal: abort.signal });
        abort.abort();
        expect((await running).ended).toBe('aborted');
        expect((await exec('true', { signal: AbortSignal.abort() })).ended).toBe('aborted');
        await expectNothingLeft();
      });

      it('holds a fork bomb and ends it', async () => {
        const result = await exec('f() { f | f & }; f; sleep 100', { timeoutMs: 700 });
        expect(result.durationMs).toBeLessThan(6000);
        await expectNothingLeft();
      });

      it('keeps parallel commands apart', async () => {
        const results = await Promise.all(
          Array.from({ length: 12 }, (_, index) => text(`echo ${index}; ps -e | grep -c sleep`)),
        );
        expect(results).toEqual(Array.from({ length: 12 }, (_, index) => `${index}\n0`));
      });

      it('reports exit codes 137 and 143 as exits, not as memory or time', async () => {
        expect(await exec('exit 137')).toMatchObject({ ended: 'exit', exitCode: 137 });
        expect(await exec('kill -TERM $$')).toMatchObject({ ended: 'exit', exitCode: 143 });
      });
    });

    describe('resources', () => {
      const allocate = 'a = []\nwhile True: a.append(bytearray(16 * 1024 * 1024))';
      it('stops a memory bomb', async () => {
        const result = await exec(['/usr/bin/python3', '-c', allocate]);
        expect(result.exitCode).not.toBe(0);
        expect(result.durationMs).toBeLessThan(8000);
        await expectNothingLeft();
      });

      it('stops many processes that are each below the limit, as out of memory', async () => {
        const one =
          'x=bytearray(60*1024*1024)\nfor i in range(0,len(x),4096): x[i]=1\nimport time; time.sleep(30)';
        const result = await exec(
          `for i in $(seq 12); do /usr/bin/python3 -c "$PROGRAM" & done; wait -n; exit 1`,
          {
            env: { PROGRAM: one },
          },
        );
        expect(result.ended).toBe('out-of-memory');
        await expectNothingLeft();
      });

      it.each(['/', '/etc', '/dev', '/usr', '/run/../var'])(
        'has no writable memory disk at %s',
        async (path) => {
          expect(await text(`touch ${path}/x 2> /dev/null && echo written || echo refused`)).toBe('refused');
        },
      );

      it('limits processor time', async () => {
        const other = await sandbox.open({
          ...(await directories(sandbox, root, 'processor')),
          limits: { cpusMax: 0.3 },
        });
        const program = `
import time
end = time.monotonic() + 2
while time.monotonic() < end: pass
print(time.process_time())`;
        const { stdout } = await other.exec({ command: ['/usr/bin/python3', '-c', program] });
        await other.close();
        expect(Number(stdout.text)).toBeGreaterThan(0);
        expect(Number(stdout.text)).toBeLessThan(1);
      });

      it('limits a single file', async () => {
        expect((await exec('truncate -s 8T big; head -c 100M /dev/zero > big2')).exitCode).not.toBe(0);
        expect(Number(await text('stat -c %s big2'))).toBeLessThanOrEqual(64 * mebibyte);
      });

      it.each([
        ['stdout', 'yes'],
        ['stderr', 'yes >&2'],
        ['both', 'yes & yes >&2'],
        ['one endless line', 'tr "\\0" a < /dev/zero'],
      ])('stops a flood on %s at the limit, keeping head and tail', async (_name, command) => {
        const result = await exec(command, { keepBytes: 2000 });
        expect(result.ended).toBe('output-limit');
        expect(result.stdout.text.length + result.stderr.text.length).toBeLessThan(5000);
        await expectNothingLeft();
      });

      it('ends a slow drip and a read of stdin that never comes', async () => {
        const drip = await exec('while :; do echo .; sleep 0.05; done', { timeoutMs: 300 });
        expect(drip.ended).toBe('timeout');
        expect((await exec('cat')).ended).toBe('exit');
      });

      it('removes deep trees and trees without permissions', async () => {
        const spec = await directories(sandbox, root, 'trees');
        const other = await sandbox.open(spec);
        const deep = "import os\nfor i in range(3000): os.mkdir('d'); os.chdir('d')";
        expect(await other.exec({ command: ['/usr/bin/python3', '-c', deep] })).toMatchObject({
          exitCode: 0,
        });
        await other.exec({ command: 'mkdir -p a/b/c; touch a/b/c/d; chmod 000 a/b/c a/b a' });
        await other.close();
        await sandbox.remove(join(root, 'trees'));
        await expect(readFile(spec.workspace)).rejects.toMatchObject({ code: 'ENOENT' });
      });
    });

    describe('output', () => {
      it('is plain text without control characters', async () => {
        const hostile =
          '\\033[31mred\\033[0m \\033]52;c;c2VjcmV0\\007 \\033Pq\\033\\\\ a\\000b\\rc \\342\\200\\256d \\377 \\302\\233e';
        const result = await exec(['/usr/bin/printf', hostile]);
        expect(result.stdout.text).toMatch(/^red {3}ab\nc d \ufffd /);
        expect(result.stdout.text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      });
    });

    describe('secrets and the host', () => {
      it('shows no environment, command line or file of ours', async () => {
        await writeFile(join(workspace, 'patterns'), `${root}\n${secret}\n`);
        await writeFile(join(workspace, 'ours'), 'HOME=\n');
        const hunt =
          "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2> /dev/null | tr '\\0' '\\n' | grep -c -F -f";
        expect(Number(await text(`${hunt} ours`))).toBeGreaterThan(0);
        expect(await text(`${hunt} patterns`)).toBe('0');
        expect(await text('wc -c < /proc/1/environ 2> /dev/null || echo 0')).toBe('0');
        expect(await text(`cat ${root}/secret 2> /dev/null || echo hidden`)).toBe('hidden');
      });

      it.each([
        '/root',
        '/etc/shadow',
        '/var/run/docker.sock',
        '/run/containerd',
        '/sys/kernel',
        '/home/agent/../../host',
      ])('shows no %s', async (path) => {
        const look = `if [ -d ${path} ]; then ls ${path}; else cat ${path}; fi`;
        expect(await text(`(${look}) > /dev/null 2>&1 && echo there || echo absent`)).toBe('absent');
      });

      it('cannot change kernel settings', async () => {
        const files = '/proc/sys/kernel/core_pattern /proc/sysrq-trigger /proc/sys/kernel/hostname';
        expect(await text(`for f in ${files}; do [ -w $f ] && echo $f; done; echo done`)).toBe('done');
      });

      it('has no capability and cannot gain one', async () => {
        expect(
          await text("grep -E '^(CapEff|CapBnd|CapAmb|CapPrm)' /proc/self/status | tr -d '0\\t\\n'"),
        ).toBe('CapPrm:CapEff:CapBnd:CapAmb:');
        expect(
          await text(
            'unshare -U true 2>&1; unshare -m true 2>&1; mount -t tmpfs x /tmp 2>&1; mknod n b 8 0 2>&1; echo end',
          ),
        ).toMatch(/unshare failed.*\n.*unshare failed.*\n.*mount.*\n(?:.*\n)*?mknod.*\nend$/);
      });

      it('refuses dangerous system calls', async () => {
        const program = `
import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
x64 = platform.machine() == 'x86_64'
calls = {'ptrace': (101, 117), 'bpf': (321, 280), 'userfaultfd': (323, 282), 'io_uring_setup': (425, 425),
  'keyctl': (250, 219), 'setns': (308, 268), 'open_by_handle_at': (304, 265), 'perf_event_open': (298, 241)}
for name, numbers in calls.items():
    ctypes.set_errno(0)
    result = libc.syscall(numbers[0 if x64 else 1], 0, 0, 0, 0, 0)
    if not (result == -1 and ctypes.get_errno() == 1): print(name, result, ctypes.get_errno())
print('checked')
`;
        expect(await text(['/usr/bin/python3', '-c', program])).toBe('checked');
      });

      it('runs as a user that is not root on the host', async () => {
        await exec('touch mine; chmod 4755 mine');
        const owner = statSync(join(workspace, 'mine')).uid;
        expect(owner).not.toBe(0);
      });

      it('leaves no core dump', async () => {
        expect(await text('sh -c "kill -SEGV \\$\\$" 2> /dev/null; ls | grep -c core')).toBe('0');
      });
    });

    describeNoNetwork(exec);
  });
}

/**
 * What a command started and still lives: by our own tree, and by the user of the workspace, whom nobody else uses
 * when we are root. Clients of a container engine are no part of a sandbox.
 */
function leftovers(engine: Sandbox['engine'], workspace: string): readonly number[] {
  const { uid } = statSync(workspace);
  const ofUser = uid === process.getuid?.() ? [] : processesOf(uid);
  return engine === 'container' ? ofUser : [...ofUser, ...descendants(process.pid)];
}
