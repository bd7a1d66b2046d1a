import { readdirSync, readFileSync } from 'node:fs';
import type { Trial } from './self-test-trial.ts';

const mebibyte = 1024 * 1024;

/** Bounded also where they are not stopped. */
export const limitTrials: readonly Trial[] = [
  {
    promise: 'limits memory',
    run: ({ within }) =>
      within({ limits: { memoryBytes: 128 * mebibyte } }, async (run) => {
        const script = 'head -c 536870912 /dev/zero | tail | wc -c';
        const { stdout } = await run.exec({ command: ['/bin/sh', '-c', script], timeoutMs: 60_000 });
        return Number(stdout.text) < 512 * mebibyte ? null : '512 MiB were given';
      }),
  },
  {
    promise: 'limits processes',
    run: ({ within }) =>
      within({ limits: { processesMax: 40 } }, async (run) => {
        const script = 'i=0; while [ $i -lt 150 ]; do sleep 2 & i=$((i+1)); done; echo all';
        const { stdout } = await run.exec({ command: ['/bin/sh', '-c', script], timeoutMs: 60_000 });
        return stdout.text.includes('all') ? '150 were started' : null;
      }),
  },
  {
    promise: 'limits the size of a file',
    run: ({ within }) =>
      within({ limits: { fileBytesMax: mebibyte } }, async (run) => {
        const script = 'head -c 8388608 /dev/zero > big; wc -c < big';
        const { stdout } = await run.exec({ command: ['/bin/sh', '-c', script], timeoutMs: 60_000 });
        return Number(stdout.text) <= mebibyte ? null : `${stdout.text.trim()} bytes were written`;
      }),
  },
  {
    promise: 'limits output',
    run: ({ within }) =>
      within({ limits: { outputBytesMax: mebibyte } }, async (run) => {
        const { ended } = await run.exec({ command: 'yes', timeoutMs: 60_000 });
        return ended === 'output-limit' ? null : `ended by ${ended}`;
      }),
  },
  {
    promise: 'ends a command at its wall clock',
    async run({ exec }) {
      const { ended } = await exec("trap '' TERM INT; sleep 100", { timeoutMs: 500 });
      return ended === 'timeout' ? null : `ended by ${ended}`;
    },
  },
  {
    promise: 'limits processor time',
    isOptional: true,
    run: ({ within }) =>
      within({ limits: { cpusMax: 0.25 } }, async (run) => {
        const script = "timeout 2 /bin/sh -c 'while :; do :; done'; times | tail -n 1";
        const { stdout } = await run.exec({ command: script, timeoutMs: 60_000 });
        const [, minutes = '0', seconds = '9'] = /^(\d+)m([\d.,]+)s/.exec(stdout.text) ?? [];
        const used = Number(minutes) * 60 + Number(seconds.replace(',', '.'));
        return used < 1.2 ? null : `${used} s of 2 s were used (this user may make no control groups)`;
      }),
  },
  {
    promise: 'leaves no process behind, not even in a session of its own',
    async run({ exec }) {
      const marker = `60.${process.pid}${Date.now()}`;
      await exec(`(setsid sleep ${marker} < /dev/null > /dev/null 2>&1 &) ; exit 0`);
      return isRunning(marker) ? 'a daemon lives on' : null;
    },
  },
  {
    promise: 'keeps the workspace between commands, and nothing else',
    async run({ exec }) {
      await exec('echo kept > kept; echo lost > /tmp/lost');
      const { stdout } = await exec('cat kept; ls -A /tmp');
      return stdout.text === 'kept\n' ? null : stdout.text.trim();
    },
  },
];

function isRunning(marker: string): boolean {
  return readdirSync('/proc').some((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(marker);
    } catch {
      return false;
    }
  });
}
