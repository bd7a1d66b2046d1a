import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox, SandboxRun } from '../../src/domain/sandbox.ts';
import type { Workspace } from '../../src/domain/workspace.ts';
import { codeOf, type GitPlace, gitPlace } from '../support/git-place.ts';
import { inEachEngine } from './in-each-engine.ts';
import { file, makeTree, modules, type TreeVector, targets, vectors } from './tree-vectors.ts';

/*
 * The trees of `git-trees.hostile.ts`, made and packed inside by a sandbox that obeys the attacker, on the way that a
 * checkpoint takes out of it.
 */
await inEachEngine('case 133, trees that leave', describeExports);

function describeExports(name: string, createSandbox?: (stateDir: string) => Sandbox): void {
  describe(`case 133, hostile trees that leave ${name}`, () => {
    let place: GitPlace;
    let workspace: Workspace;
    let sandbox: SandboxRun;

    beforeAll(async () => {
      place = await gitPlace(createSandbox === undefined ? {} : { createSandbox });
      ({ workspace } = await place.open());
      sandbox = await place.enter(workspace);
    });
    afterAll(async () => {
      await sandbox?.close();
      await place?.remove();
    });

    /** Answers the question for a checkpoint with a tree of the attacker's. */
    const lying = (vector: TreeVector): SandboxRun => ({
      ...sandbox,
      exec: async (command) => {
        const pack = Array.isArray(command.command) ? command.command.at(-1) : '';
        const result = await sandbox.exec({
          command: ['/bin/sh', '-c', packed(vector, workspace.baseTree), 'sh', pack ?? ''],
          timeoutMs: 30_000,
        });
        expect([result.exitCode, result.stderr.text]).toEqual([0, '']);
        return result;
      },
    });
    const judge = async (vector: TreeVector): Promise<string> =>
      await codeOf(
        workspace.checkpoint(lying(vector)).then((tree) => workspace.inspect(workspace.baseTree, tree)),
      );

    it('133: a harmless tree comes out the same way', async () => {
      expect(await judge({ name: 'harmless', lines: file('fine.txt') })).toBe('none');
    });

    it.each(vectors)('133: $name is refused', async (vector) => {
      expect(await judge(vector)).toBe('tree-refused');
    });
  });
}

/** Argument: name of the pack. */
function packed(vector: TreeVector, base: string): string {
  const blob = (text: string): string => `$(printf '${text}' | git hash-object -w --stdin)`;
  return [
    'export GIT_DIR=/out/pullwright.git',
    `BLOB=${blob('content')} HEAD=${'1'.repeat(40)}`,
    ...targets.map((target, index) => `LINK_${index}=${blob(target)}`),
    ...Object.entries(modules).map(([key, text]) => `MODULES_${key}=${blob(text)}`),
    `tree=$( ${makeTree(vector, base)} ) || exit 1`,
    `printf '%s\\n^%s\\n' "$tree" ${base} | git pack-objects --revs --thin --stdout -q > "/out/$1" || exit 1`,
    'echo "tree $tree 0"',
  ].join('\n');
}
