import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAppError } from '../../src/domain/app-error.ts';
import type { TreeId } from '../../src/domain/ids.ts';
import type { Sandbox, SandboxRun } from '../../src/domain/sandbox.ts';
import type { Workspace } from '../../src/domain/workspace.ts';
import { codeOf, type GitPlace, gitPlace, inside } from '../support/git-place.ts';
import { gitTraps, trapPrelude } from './git-traps.ts';
import { inEachEngine } from './in-each-engine.ts';

const run = promisify(execFile);

/** Both repositories as they were, so that the next trap is set in ones that work. */
const reset = `cd /workspace; rm -rf .git h evil.cfg /out/h /out/evil.cfg /out/pullwright.git/hooks; git init -q .; printf '[core]\\n\\tbare = false\\n' > /out/pullwright.git/config`;

await inEachEngine('cases 132 and 133, git settings', describeSettings);

function describeSettings(name: string, createSandbox?: (stateDir: string) => Sandbox): void {
  describe(`cases 132 and 133, git settings that code in ${name} leaves behind`, () => {
    let place: GitPlace;
    let workspace: Workspace;
    let sandbox: SandboxRun;
    let marker: string;
    let program: string;
    let victim: string;

    beforeAll(async () => {
      place = await gitPlace(createSandbox === undefined ? {} : { createSandbox });
      ({ workspace } = await place.open());
      sandbox = await place.enter(workspace);
      marker = join(place.directory, 'marker');
      victim = join(place.directory, 'victim');
      program = join(place.directory, 'evil.sh');
      await mkdir(victim, { mode: 0o777 });
      await writeFile(program, `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });
    });
    afterAll(async () => {
      await sandbox?.close();
      await place?.remove();
    });

    /** Whether anything happened on the host; forgets it. */
    const happened = async (): Promise<boolean> => {
      const found = existsSync(marker) || existsSync(join(victim, 'src'));
      await rm(marker, { force: true });
      await rm(join(victim, 'src'), { recursive: true, force: true });
      return found;
    };

    it.each(gitTraps)('132: $name runs nothing on the host', async ({ trap }) => {
      const gits = '/workspace/.git /out/pullwright.git';
      const variables = `M='${program}' W=/workspace GITS='${gits}' VICTIM='${victim}'`;
      await inside(sandbox, `${variables}; ${trapPrelude}${trap}; echo changed >> /workspace/src/a.txt`);
      const tree = await workspace.checkpoint(sandbox).catch(refusedTree);
      if (tree !== null) await useEverywhere(workspace, tree);
      await workspace.restore(sandbox, workspace.baseTree);
      expect(await inside(sandbox, 'cat /workspace/src/a.txt')).toBe('one\nmore\n');
      expect(await happened()).toBe(false);
      await inside(sandbox, reset);
    });

    it.each(gitTraps)(
      '132: $name runs a program where the host uses git in the work tree',
      async ({ trap, fire }) => {
        const base = await mkdtemp(join(tmpdir(), 'unguarded-'));
        const tree = join(base, 'tree');
        await cp(place.source, tree, { recursive: true });
        const env = {
          PATH: process.env.PATH,
          HOME: base,
          M: program,
          W: tree,
          GITS: `${tree}/.git`,
          VICTIM: victim,
        };
        const script = `${trapPrelude}${trap}; echo changed >> src/a.txt; cd "$W"; (${fire}) < /dev/null`;
        await run('/bin/sh', ['-c', script], { env, cwd: base, timeout: 30_000 }).catch(() => undefined);
        expect(await happened()).toBe(true);
        await rm(base, { recursive: true, force: true });
      },
    );
  });
}

/** Git itself finds some traps when the objects arrive; any other error fails the test. */
function refusedTree(error: unknown): null {
  if (isAppError(error, 'tree-refused')) return null;
  throw error;
}

/** All that the pipeline does with a tree. */
async function useEverywhere(workspace: Workspace, tree: TreeId): Promise<void> {
  const changes = await workspace.changes(workspace.baseTree, tree);
  if (!changes.some(({ path }) => path === 'src/a.txt'))
    throw new Error('the change is not in the checkpoint');
  await workspace.patch(workspace.baseTree, tree, 10_000);
  await codeOf(workspace.inspect(workspace.baseTree, tree));
  await workspace.materialise('head', tree);
}
