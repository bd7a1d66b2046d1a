import { lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Trial } from './self-test-trial.ts';

const namespaces = ['pid', 'ipc', 'uts', 'net', 'mnt'] as const;

/** Names that a command may find in its environment: ours for it, and what shells add. */
const expectedNames =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|TMPDIR|CI|SANDBOX_WORKSPACE|SANDBOX_OUT|PWD|OLDPWD|SHLVL|_)$/;

/** Harmless also where they succeed: that is when they run outside of any sandbox. */
export const isolationTrials: readonly Trial[] = [
  {
    promise: 'runs a command and gives back what it says',
    async run({ exec }) {
      const { exitCode, stdout, stderr } = await exec('echo out; echo err >&2; exit 3');
      const isRight = exitCode === 3 && stdout.text === 'out\n' && stderr.text === 'err\n';
      return isRight ? null : `${exitCode} ${stdout.text} ${stderr.text}`;
    },
  },
  {
    promise: 'is not root of this machine',
    async run({ exec, spec }) {
      await exec('touch owned');
      const { uid } = lstatSync(join(spec.workspace, 'owned'));
      return uid === 0 ? 'its files belong to root' : null;
    },
  },
  {
    promise: 'has no capability, may gain none, and its system calls are filtered',
    async run({ exec }) {
      const { stdout } = await exec(
        "grep -E '^(CapEff|CapPrm|CapBnd|CapAmb|NoNewPrivs|Seccomp):' /proc/self/status | tr -d '\\t'",
      );
      const lines = stdout.text.trim().split('\n');
      const wrong = lines.filter((line) => !/^Cap\w+:0+$|^NoNewPrivs:1$|^Seccomp:2$/.test(line));
      return wrong.length === 0 && lines.length === 6 ? null : wrong.join(' ') || 'not told';
    },
  },
  {
    promise: 'has process, IPC, host name, network and mount namespaces of its own',
    async run({ exec }) {
      const { stdout } = await exec(`for n in ${namespaces.join(' ')}; do readlink /proc/self/ns/$n; done`);
      const inside = stdout.text.trim().split('\n');
      const shared = namespaces.filter((name, at) => inside[at] === readlinkSync(`/proc/self/ns/${name}`));
      return shared.length === 0 && inside.length === namespaces.length
        ? null
        : `shares ${shared.join(', ')}`;
    },
  },
  {
    promise: 'cannot make namespaces, mounts or devices',
    async run({ exec }) {
      const attempts = [
        'unshare -U true',
        'unshare -m true',
        'mount -t tmpfs none mounted',
        'mknod device c 1 3',
      ];
      await exec('mkdir mounted');
      const { stdout } = await exec(attempts.map((one) => `${one} 2> /dev/null && echo '${one}'`).join('; '));
      return stdout.text === '' ? null : `possible: ${stdout.text.trim()}`;
    },
  },
  {
    promise: 'shows no environment of ours, not in any process',
    async run({ exec }) {
      const { stdout } = await exec(
        "wc -c < /proc/1/environ; cat /proc/[0-9]*/environ 2> /dev/null | tr '\\0' '\\n' | cut -d= -f1 | sort -u",
      );
      const [first, ...names] = stdout.text.trim().split('\n');
      const strangers = names.filter((name) => name !== '' && !expectedNames.test(name));
      return Number(first) === 0 && strangers.length === 0
        ? null
        : `process 1 shows ${first} bytes; ${strangers.join(' ')}`;
    },
  },
  {
    promise: 'shows no file of this machine but the workspace, and no socket of an engine',
    async run({ exec, secretFile, secret }) {
      const { stdout } = await exec(
        `cat '${secretFile}' 2> /dev/null; ls -d /var/run/docker.sock /run/podman /run/containerd 2> /dev/null; ls -A /sys/kernel /root 2> /dev/null`,
      );
      return stdout.text.includes(secret) || stdout.text.trim() !== '' ? stdout.text.trim() : null;
    },
  },
  {
    promise: 'cannot write to the system',
    async run({ exec }) {
      const places = '/ /etc /usr /usr/bin /dev /var /opt /home';
      const { stdout } = await exec(`for d in ${places}; do [ -w $d ] && echo $d; done`);
      return stdout.text === '' ? null : `writable: ${stdout.text.trim()}`;
    },
  },
  {
    promise: 'cannot change kernel settings',
    async run({ exec }) {
      const files = '/proc/sys/kernel/core_pattern /proc/sys/kernel/hostname /proc/sysrq-trigger';
      const { stdout } = await exec(`for f in ${files}; do [ -w $f ] && echo $f; done`);
      return stdout.text === '' ? null : `writable: ${stdout.text.trim()}`;
    },
  },
  {
    promise: 'has no network: loopback of its own, no route, no host',
    async run({ exec, hostPort, abstractName }) {
      const { stdout } = await exec(
        `grep -v -e '|' -e ' lo:' /proc/net/dev; tail -n +2 /proc/net/route; (exec 3<> /dev/tcp/127.0.0.1/${hostPort}) 2> /dev/null && echo 'host reached'; grep -F ${abstractName} /proc/net/unix`,
      );
      return stdout.text.trim() === '' ? null : stdout.text.trim();
    },
  },
  {
    promise: 'reaches the egress proxy in set-up phases, which refuses and records what is not listed',
    async run({ within }) {
      return await within({ network: 'registries' }, async (run) => {
        const { stdout } = await run.exec({
          command:
            "exec 3<> /dev/tcp/127.0.0.1/3128; printf 'CONNECT not-listed.invalid:443 HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n' >&3; head -n 1 <&3",
          timeoutMs: 30_000,
        });
        const recorded = run.egress().some(({ host, allowed }) => host === 'not-listed.invalid' && !allowed);
        return stdout.text.includes(' 403 ') && recorded ? null : `it answered ${stdout.text.trim()}`;
      });
    },
  },
];
