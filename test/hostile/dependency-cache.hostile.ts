import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox, SandboxRun } from '../../src/domain/sandbox.ts';
import { archiveOf, type SetUpStage, setUpStage } from '../support/set-up-stage.ts';
import { inEachEngine } from './in-each-engine.ts';

/*
 * The cache of fetched dependencies with a set-up, a repository and an agent that obey the attacker: cases 95 to 98 of the
 * sandbox paper, in both engines.
 */
await inEachEngine('the dependency cache', describeCache);

/** Says what it could do. */
function attackOn(file: string): string {
  return [
    `f=${file}; test -e $f || exit 0`,
    'echo x >> $f && echo WROTE; chmod 666 $f && echo CHMOD; mv $f /tmp/x && echo MOVED; rm $f && echo REMOVED',
    'ln $f "$HOME/hard" && echo LINKED; touch $f && echo TOUCHED; truncate -s 0 $f && echo CUT; test -r $f && echo READ',
  ].join('\n');
}

function describeCache(name: string, createSandbox?: (stateDir: string) => Sandbox): void {
  describe(`the dependency cache, ${name}`, () => {
    let stage: SetUpStage;
    beforeAll(async () => {
      stage = await setUpStage(createSandbox);
    });
    afterAll(async () => {
      await stage?.close();
    });

    const reads = ['lock.txt'];
    const fetch = (shell: string) => [{ shell, reads }];
    /** A lockfile of its own makes a layer of its own. */
    const lock = async (text: string) => await stage.change(`echo ${text} > lock.txt`);
    const layerOf = async () => {
      const layer = (await stage.cache.list()).at(-1);
      if (!layer) throw new Error('no layer');
      return layer;
    };

    it('serves a later run without any network, and its own trees alone', async () => {
      const treeId = await lock('first');
      const commands = fetch(
        'mkdir -p node_modules/x && echo fetched > node_modules/x/index.js && echo seen > "$HOME/seen"',
      );
      const made = await stage.setUp({ treeId, fetch: commands });
      expect(made).toMatchObject({ ok: true, state: 'made', networked: ['run-1-base-setup'] });
      const after = 'cat node_modules/x/index.js "$HOME/seen"; ls /dependencies';
      const used = await stage.setUp({ treeId, fetch: commands, after });
      expect(used).toMatchObject({ ok: true, state: 'used', networked: [] });
      expect(used.said).toMatch(/^fetched\nseen\n/);
      // Where a command of the repository runs there is no layer to be seen.
      expect(used.said).toMatch(/No such file|cannot access/);
    });

    it('98: never gives a layer to another repository, lockfile, command, engine list or tree with other links', async () => {
      const treeId = await lock('ninety-eight');
      const commands = fetch('echo private > "$HOME/private"');
      await stage.setUp({ treeId, fetch: commands, repositoryId: 7 });
      const not = { keeps: false, treeId, fetch: commands };
      expect((await stage.setUp({ ...not })).state).toBe('used');
      expect((await stage.setUp({ ...not, repositoryId: 8 })).state).toBe('neither');
      expect((await stage.setUp({ ...not, registries: ['elsewhere.invalid'] })).state).toBe('neither');
      expect((await stage.setUp({ ...not, fetch: fetch('echo other') })).state).toBe('neither');
      const elsewhere = await stage.change('echo new > src/unrelated.txt');
      expect((await stage.setUp({ ...not, treeId: elsewhere })).state).toBe('used');
      const linked = await stage.change('ln -s src/a.txt link');
      expect((await stage.setUp({ ...not, treeId: linked })).state).toBe('neither');
      expect(
        (await stage.setUp({ ...not, treeId: await stage.change('git rm -q link && echo x > lock.txt') }))
          .state,
      ).toBe('neither');
    });

    it('98: takes every file for an input of a command that does not say what it reads', async () => {
      const treeId = await stage.change('echo any > anything.txt');
      const commands = [{ shell: 'echo by-the-repository > "$HOME/x"' }];
      await stage.setUp({ treeId, fetch: commands });
      expect((await stage.setUp({ treeId, fetch: commands, keeps: false })).state).toBe('used');
      const other = await stage.change('echo other > anything.txt');
      expect((await stage.setUp({ treeId: other, fetch: commands, keeps: false })).state).toBe('neither');
    });

    it('97: keeps nothing of a tree that is not the base branch’s own', async () => {
      const treeId = await lock('by-an-agent');
      const commands = fetch('echo poison > "$HOME/poison"');
      expect((await stage.setUp({ treeId, fetch: commands, keeps: false })).state).toBe('neither');
      expect(
        (await stage.setUp({ treeId, fetch: fetch('echo poison > "$HOME/poison"'), keeps: false })).state,
      ).toBe('neither');
    });

    it('95: stays as it is whatever a run does with what it was given', async () => {
      const treeId = await lock('ninety-five');
      const commands = fetch('mkdir -p node_modules/x && echo good > node_modules/x/index.js');
      await stage.setUp({ treeId, fetch: commands });
      const before = await readFile(archiveOf(stage, 7, (await layerOf()).key));
      const attack =
        'echo evil > node_modules/x/index.js; ln node_modules/x/index.js hard; chmod 777 hard; cat node_modules/x/index.js';
      expect((await stage.setUp({ treeId, fetch: commands, after: attack })).said).toContain('evil');
      expect(
        (await stage.setUp({ treeId, fetch: commands, after: 'cat node_modules/x/index.js' })).said,
      ).toBe('good\n');
      expect(Buffer.compare(before, await readFile(archiveOf(stage, 7, (await layerOf()).key)))).toBe(0);
    });

    it('95: cannot be written, moved, linked or made writable where it is mounted', async () => {
      const treeId = await lock('mounted');
      const commands = fetch('echo good > "$HOME/good"');
      await stage.setUp({ treeId, fetch: commands });
      let said = '';
      const wrap = (run: SandboxRun, of: string): SandboxRun => ({
        ...run,
        async exec(command) {
          if (of.endsWith('-layer'))
            said += (await run.exec({ command: attackOn('/dependencies/layer.tar') })).stdout.text;
          return await run.exec(command);
        },
      });
      expect((await stage.setUp({ treeId, fetch: commands, wrap, keeps: false })).state).toBe('used');
      // Once before it is known which layer it is, when there is none yet, and once with it.
      expect(said.trim()).toBe('READ');
    });

    it('95: the same is done to a file that is mounted to be written', async () => {
      const { directories } = stage.workspace;
      const source = join(stage.place.directory, 'writable');
      await mkdir(source);
      await writeFile(join(source, 'layer.tar'), 'good');
      await stage.place.sandbox.adopt(directories.workspace);
      const { uid } = await stat(directories.workspace);
      for (const path of [source, join(source, 'layer.tar')]) await chown(path, uid, uid);
      const mounts = [{ source, target: '/dependencies', writable: true }];
      const { workspace, home, out } = directories;
      const run = await stage.place.sandbox.open({ name: 'writable', workspace, home, out, mounts });
      const { stdout } = await run.exec({ command: attackOn('/dependencies/layer.tar') });
      await run.close();
      expect(stdout.text).toMatch(/WROTE\nCHMOD\nMOVED/);
    });

    it('gives a set-up no way to the place where layers are kept', async () => {
      const treeId = await lock('search');
      const where = join(stage.place.stateDir, 'dependencies');
      const shell = `ls ${where} && touch "$HOME/FOUND"; echo x > ${where}/7/evil && touch "$HOME/FOUND"; touch "$HOME/asked"`;
      await stage.setUp({ treeId, fetch: fetch(shell) });
      const { said } = await stage.setUp({ treeId, fetch: fetch(shell), after: 'ls "$HOME"' });
      expect(said).toBe('asked\n');
    });

    it('keeps links out of the tree as links, and brings no set-user-id bit back', async () => {
      const treeId = await lock('links');
      const secret = join(stage.place.directory, 'secret');
      await writeFile(secret, 'secret of the host');
      const shell = `ln -s ${secret} "$HOME/link"; ln -s / "$HOME/root"; cp /bin/sh "$HOME/sh"; chmod 6755 "$HOME/sh"; mkfifo "$HOME/pipe"; ln "$HOME/sh" "$HOME/hard"`;
      expect((await stage.setUp({ treeId, fetch: fetch(shell) })).state).toBe('made');
      const layer = await layerOf();
      const bytes = await readFile(archiveOf(stage, 7, layer.key));
      expect(bytes.includes('secret of the host')).toBe(false);
      const beside = await readdir(join(archiveOf(stage, 7, layer.key), '..'));
      expect(beside.sort()).toEqual(['layer.json', 'layer.tar']);
      expect((await stat(archiveOf(stage, 7, layer.key))).mode & 0o7777).toBe(0o444);
      const after = 'stat -c %a "$HOME/sh"; cat "$HOME/link"; readlink "$HOME/link"';
      const { said, state } = await stage.setUp({ treeId, fetch: fetch(shell), after });
      expect(state).toBe('used');
      expect(said).toMatch(/^[0-7]{3}\n/);
      expect(said).toContain(secret);
      expect(said).not.toContain('secret of the host');
    });

    it('takes no archive that the sandbox replaces by a link, a pipe or another name', async () => {
      const secret = join(stage.place.directory, 'other-secret');
      await writeFile(secret, 'secret of the host');
      for (const [text, replace] of [
        ['by-link', `ln -sf ${secret} /out/.layer-*/layer.tar`],
        ['by-pipe', 'cd /out/.layer-* && rm layer.tar && mkfifo layer.tar'],
        [
          'by-directory',
          `mv /out/.layer-*/ /out/away; ln -s ${stage.place.directory} "/out/$(ls -A /out | head -1)"; true`,
        ],
      ] as const) {
        const wrap = (run: SandboxRun, of: string): SandboxRun => ({
          ...run,
          async exec(command) {
            const result = await run.exec(command);
            if (of.endsWith('-layer')) await run.exec({ command: replace });
            return result;
          },
        });
        const made = await stage.setUp({
          treeId: await lock(text),
          fetch: fetch('echo x > "$HOME/x"'),
          wrap,
        });
        expect([text, made.ok, made.state]).toEqual([text, true, 'neither']);
      }
      expect(await readFile(secret, 'utf8')).toBe('secret of the host');
    });

    it('is not asked again for a layer that was changed on the disk', async () => {
      const treeId = await lock('changed');
      const commands = fetch('echo good > "$HOME/good"');
      await stage.setUp({ treeId, fetch: commands });
      const file = archiveOf(stage, 7, (await layerOf()).key);
      const bytes = await readFile(file);
      bytes[600] = (bytes[600] ?? 0) ^ 1;
      await chmod(file, 0o644);
      await writeFile(file, bytes);
      const again = await stage.setUp({ treeId, fetch: commands, after: 'cat "$HOME/good"' });
      expect(again).toMatchObject({ ok: true, state: 'made', said: 'good\n' });
      expect(again.networked.length).toBe(1);
    });

    it('refuses what an archive alone would not bring back: changed files, and files in /out', async () => {
      for (const shell of [
        'echo more >> src/a.txt',
        'rm src/b.txt',
        'echo x > /out/report',
        'echo x > .git/new',
      ]) {
        const treeId = await lock(`refused-${shell.length}`);
        const made = await stage.setUp({ treeId, fetch: fetch(`echo x > "$HOME/x"; ${shell}`) });
        expect([shell, made.ok, made.state]).toEqual([shell, true, 'neither']);
      }
    });

    it('fails no run by an archive that cannot be made or a layer that cannot be unpacked', async () => {
      const tooLarge = await lock('too-large');
      const made = await stage.setUp({
        treeId: tooLarge,
        fetch: fetch('head -c 300000000 /dev/zero > "$HOME/large"'),
      });
      expect(made).toMatchObject({ ok: true, state: 'neither' });
      const treeId = await lock('broken');
      const commands = fetch('echo x > "$HOME/x"');
      await stage.setUp({ treeId, fetch: commands });
      const broken = (run: SandboxRun, of: string): SandboxRun => ({
        ...run,
        exec: (command) =>
          run.exec(
            of.endsWith('-layer') && JSON.stringify(command).includes('--extract')
              ? { command: 'exit 2' }
              : command,
          ),
      });
      await expect(stage.setUp({ treeId, fetch: commands, wrap: broken })).rejects.toMatchObject({
        code: 'sandbox-failed',
        disposition: 'retry',
      });
      // The step begins again, and the layer is gone.
      expect((await stage.setUp({ treeId, fetch: commands })).state).toBe('made');
    });

    it('leaves nothing behind in the directories of runs, and no link that is held', async () => {
      expect(await readdir(join(stage.place.stateDir, 'dependencies', 'held'))).toEqual([]);
      expect(await readdir(join(stage.place.stateDir, 'dependencies', 'incoming'))).toEqual([]);
      expect(existsSync(join(stage.place.stateDir, 'dependencies', '8'))).toBe(false);
    });
  });
}
