import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, it } from 'vitest';
import { postmasterOf } from './lane-venue.ts';
import { processesUnder } from './processes-under.ts';

const script = join(import.meta.dirname, '..', '..', 'scripts', 'crash.ts');
const lane = join(import.meta.dirname, '..', '..', '.pullwright', 'crash', 'server-1-1');
const botScript = join(import.meta.dirname, 'bot-process.ts');

let directory: string | undefined;
afterEach(async () => {
  if (directory !== undefined) await rm(directory, { recursive: true, force: true });
});

it.each([
  ['SIGINT', /played undisturbed/],
  ['SIGTERM', /^1\/\d+ /],
] as const)(
  'a suite that is ended by %s leaves no server, no bot and no directory',
  async (signal, when) => {
    directory = await mkdtemp(join(tmpdir(), 'pullwright-broken-off-'));
    // The sandboxed uid must be able to walk to the directories it gets.
    await chmod(directory, 0o755);
    const out = join(directory, 'out.jsonl');
    const child = spawn(process.execPath, [script, '--scenario', 'refused', '--lanes', '1', '--out', out], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: directory },
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const lines: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      lines.push(line);
      if (when.test(line)) child.kill(signal);
    }
    expect(await ended).toBe(130);
    expect(lines.at(-1)).toContain(`broken off by ${signal}`);
    expect(postmasterOf(lane).state).toBe('stopped');
    expect(await processesUnder(botScript)).toEqual([]);
    expect((await readdir(directory)).filter((name) => name !== 'out.jsonl')).toEqual([]);
  },
  300_000,
);
