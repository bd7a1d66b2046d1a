import { execFileSync } from 'node:child_process';
import {
  appendFile,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type DependencyCacheOptions,
  openDependencyCache,
} from '../../src/dependencies/open-dependency-cache.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { createTestClock } from '../support/test-clock.ts';

const dayMs = 24 * 60 * 60_000;
const key = (letter: string): string => letter.repeat(64);

describe('the layers of fetched dependencies', () => {
  let root: string;
  let log: RecordingLog;
  let clock: ReturnType<typeof createTestClock>;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'layers-'));
    log = new RecordingLog();
    clock = createTestClock();
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const open = (options: Partial<DependencyCacheOptions> = {}) =>
    openDependencyCache({
      stateDir: join(root, 'state'),
      totalBytesMax: 1_000,
      ageMsMax: dayMs,
      clock,
      log,
      ...options,
    });
  const archive = async (text: string): Promise<{ file: string; runId: string; reached: string[] }> => {
    const file = join(root, `archive-${crypto.randomUUID()}`);
    await writeFile(file, text);
    return { file, runId: 'run-1', reached: ['registry.invalid:443'] };
  };
  const kept = (repository: number, letter: string): string =>
    join(root, 'state', 'dependencies', String(repository), key(letter), 'layer.tar');
  const everything = async (): Promise<readonly string[]> =>
    (await readdir(join(root, 'state'), { recursive: true, withFileTypes: true }))
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name));

  it('are given back as they were sealed, with where they came from', async () => {
    const cache = open();
    const sealed = await cache.seal(7, key('a'), await archive('fetched'));
    const held = await cache.hold(7, key('a'));
    expect(await readFile(held?.file ?? '', 'utf8')).toBe('fetched');
    expect(held).toMatchObject({
      repositoryId: 7,
      runId: 'run-1',
      reached: ['registry.invalid:443'],
      bytes: 7,
    });
    expect(held?.sha256).toBe(sealed?.sha256);
    await held?.release();
    await held?.release();
    expect((await cache.list()).length).toBe(1);
    expect((await everything()).length).toBe(2);
  });

  it('are not there for another repository, another key, or after being forgotten', async () => {
    const cache = open();
    await cache.seal(7, key('a'), await archive('private'));
    await cache.seal(8, key('b'), await archive('other'));
    expect(await cache.hold(8, key('a'))).toBeUndefined();
    expect(await cache.hold(7, key('b'))).toBeUndefined();
    await cache.forget(7);
    expect(await cache.hold(7, key('a'))).toBeUndefined();
    expect((await cache.list()).map(({ repositoryId }) => repositoryId)).toEqual([8]);
    await cache.forget('all');
    expect(await cache.list()).toEqual([]);
    expect(await everything()).toEqual([]);
  });

  it.each(['../../etc', 'A'.repeat(64), '', `${key('a')}/..`])('have no key %j', async (name) => {
    await expect(async () => await open().hold(7, name)).rejects.toThrow('not a key');
  });

  it('are dropped when a byte on the disk is another, and the operator is told', async () => {
    const cache = open();
    await cache.seal(7, key('a'), await archive('fetched'));
    await rm(kept(7, 'a'));
    await writeFile(kept(7, 'a'), 'fetcheD');
    expect(await cache.hold(7, key('a'))).toBeUndefined();
    expect(log.lines.map(({ event }) => event)).toContain('dependencies.layer-dropped');
    expect(await everything()).toEqual([]);
  });

  it.each([
    ['a link to another file', async (file: string) => await symlink(join(root, 'secret'), file)],
    [
      'a record of another repository',
      async (file: string) => await writeFile(join(file, '..', 'layer.json'), '{"repositoryId":8}'),
    ],
    ['nothing', async () => undefined],
  ])('are not used with %s in their place', async (_what, replace) => {
    const cache = open();
    await writeFile(join(root, 'secret'), 'fetched');
    await cache.seal(7, key('a'), await archive('fetched'));
    await rm(kept(7, 'a'));
    await replace(kept(7, 'a'));
    expect(await cache.hold(7, key('a'))).toBeUndefined();
  });

  it('keep their bytes when the sandbox has another name for what it handed in', async () => {
    const cache = open();
    const made = await archive('fetched');
    await link(made.file, join(root, 'other-name'));
    await cache.seal(7, key('a'), made);
    await appendFile(join(root, 'other-name'), ' and poisoned');
    const held = await cache.hold(7, key('a'));
    expect(await readFile(held?.file ?? '', 'utf8')).toBe('fetched');
    expect((await stat(kept(7, 'a'))).mode & 0o7777).toBe(0o444);
  });

  it.each([
    ['a link', (file: string) => symlink(join(root, 'secret'), file)],
    ['a directory', (file: string) => mkdir(file)],
    ['a pipe', async (file: string) => void execFileSync('/usr/bin/mkfifo', [file])],
    ['nothing at all', async () => undefined],
    ['more than may be kept', (file: string) => writeFile(file, 'x'.repeat(501))],
  ])('are not made of %s', async (_what, make) => {
    await writeFile(join(root, 'secret'), 'secret');
    const file = join(root, 'handed-in');
    await make(file);
    const cache = open();
    expect(await cache.seal(7, key('a'), { file, runId: 'run-1', reached: [] })).toBeNull();
    expect(await everything()).toEqual([]);
  });

  it('belong to whoever was first', async () => {
    const [one, two] = [open(), open()];
    const results = await Promise.all([
      one.seal(7, key('a'), await archive('one')),
      two.seal(7, key('a'), await archive('two')),
    ]);
    const winner = results.filter((layer) => layer !== null);
    expect(winner.length).toBe(1);
    const held = await two.hold(7, key('a'));
    expect(held?.sha256).toBe(winner[0]?.sha256);
  });

  it('go when they were not used for longest, and never from under somebody who holds them', async () => {
    const cache = open();
    await cache.seal(7, key('a'), await archive('a'.repeat(400)));
    clock.advance(1_000);
    await cache.seal(7, key('b'), await archive('b'.repeat(400)));
    clock.advance(1_000);
    const first = await cache.hold(7, key('a'));
    clock.advance(1_000);
    const second = await cache.hold(7, key('b'));
    clock.advance(1_000);
    await (await cache.hold(7, key('a')))?.release();
    clock.advance(1_000);
    await cache.seal(7, key('c'), await archive('c'.repeat(400)));
    expect(
      (await cache.list()).map((layer) => layer.key[0] ?? '').toSorted((one, two) => one.localeCompare(two)),
    ).toEqual(['a', 'c']);
    expect(await readFile(second?.file ?? '', 'utf8')).toBe('b'.repeat(400));
    await first?.release();
    await second?.release();
  });

  it('are not used when they are too old', async () => {
    const cache = open();
    await cache.seal(7, key('a'), await archive('fetched'));
    clock.advance(dayMs + 1);
    expect(await cache.hold(7, key('a'))).toBeUndefined();
    expect(await everything()).toEqual([]);
  });
});
