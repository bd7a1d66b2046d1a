import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TreeId } from '../../src/domain/ids.ts';
import { checkedBranch, checkedObjectId } from '../../src/git/branch-name.ts';
import { inspectTree } from '../../src/git/inspect-tree.ts';
import { codeOf, type GitPlace, gitPlace, inside } from '../support/git-place.ts';
import { file, makeTree, modules, type TreeVector, targets, vectors } from './tree-vectors.ts';

describe('cases 133, 136 and 137: trees, submodules and names', () => {
  let place: GitPlace;
  let base: TreeId;
  let objects: string;

  beforeAll(async () => {
    place = await gitPlace();
    base = (await place.sh('git rev-parse HEAD^{tree}')).trim() as TreeId;
    const store = async (text: string) =>
      (await place.sh(`printf '${text}' | git hash-object -w --stdin`)).trim();
    const pairs = [
      ['BLOB', await store('content')],
      ['HEAD', (await place.sh('git rev-parse HEAD')).trim()],
      ...(await Promise.all(targets.map(async (target, index) => [`LINK_${index}`, await store(target)]))),
      ...(await Promise.all(
        Object.entries(modules).map(async ([key, text]) => [`MODULES_${key}`, await store(text)]),
      )),
    ];
    objects = pairs.map(([key, id]) => `${key}=${id}`).join(' ');
    await place.sh('git init -q --bare ../forge.git');
  });
  afterAll(async () => {
    await place?.remove();
  });

  /** Git's own porcelain would refuse to make most of them. */
  const treeOf = async (vector: TreeVector): Promise<TreeId> => {
    return (await place.sh(`export ${objects}; ${makeTree(vector, 'HEAD')}`)).trim() as TreeId;
  };

  it('are at least 30', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(30);
  });

  it('133: a harmless file and a link inside the tree pass the same way', async () => {
    const store = (await place.sh("printf 'src/a.txt' | git hash-object -w --stdin")).trim();
    const lines = `${file('fine.txt')}120000 blob ${store}\\tlink\\n`;
    const tree = await treeOf({ name: 'harmless', lines });
    expect(await codeOf(inspectTree(join(place.source, '.git'), base, tree))).toBe('none');
  });

  it.each(vectors)('133: $name is refused', async (vector) => {
    expect(await codeOf(inspectTree(join(place.source, '.git'), base, await treeOf(vector)))).toBe(
      'tree-refused',
    );
  });

  it.each(vectors)(
    '133: $name gets to a forge that looks at nothing, with our look at it off',
    async (vector) => {
      const tree = await treeOf(vector);
      const commit = (await place.sh(`git commit-tree -m x ${tree}`)).trim();
      await place.sh(`git push -q ../forge.git ${commit}:refs/heads/at-${tree}`);
      expect((await place.sh(`git --git-dir=../forge.git rev-parse at-${tree}^{tree}`)).trim()).toBe(tree);
    },
  );

  it.each(['ext', 'file'] as const)(
    '136: a submodule at an %s address is not fetched by us, is by git',
    async (kind) => {
      const marker = join(place.directory, `fetched-${kind}`);
      const program = join(place.directory, `fetch-${kind}.sh`);
      await writeFile(program, `#!/bin/sh\ntouch ${marker}\nexec git upload-pack "$@"\n`, { mode: 0o755 });
      const url = kind === 'ext' ? `ext::${program} ${place.source}` : `file://${place.source}`;
      const tree = (
        await place.sh(
          `m=$(printf '[submodule "s"]\\n\\tpath = s\\n\\turl = ${url}\\n' | git hash-object -w --stdin); (git ls-tree HEAD; printf "100644 blob $m\\t.gitmodules\\n160000 commit $(git rev-parse HEAD)\\ts\\n") | git mktree`,
        )
      ).trim();
      await place.sh(`git update-ref refs/heads/main $(git commit-tree -p main -m sub ${tree})`);
      const { workspace } = await place.open();
      const sandbox = await place.enter(workspace);
      expect(await inside(sandbox, 'ls -A s 2> /dev/null; true')).toBe('');
      expect(existsSync(marker)).toBe(false);
      await sandbox.close();
      await workspace.remove();
      const unguarded = join(place.directory, `clone-${kind}`);
      await place.sh(
        `GIT_ALLOW_PROTOCOL=ext:file git clone -q --recurse-submodules file://${place.source} ${unguarded} || true`,
      );
      expect(existsSync(kind === 'ext' ? marker : join(unguarded, 's', 'src', 'a.txt'))).toBe(true);
      await place.sh('git update-ref refs/heads/main main~1');
    },
  );

  it.each([
    '--upload-pack=x',
    '-d',
    '--output=x',
    '-o',
    '--exec=x',
    'a..b',
    'x.lock',
    '@{-1}',
    'a b',
    '',
    'x\ny',
  ])('137: %j is no name of a branch and no object', (name) => {
    expect(() => checkedBranch(name)).toThrow('not a branch name');
    expect(() => checkedObjectId(name)).toThrow('not an object id');
  });

  it('137: such a name runs a program where it becomes an argument of git', async () => {
    const marker = join(place.directory, 'by-name');
    const program = join(place.directory, 'by-name.sh');
    await writeFile(program, `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });
    await mkdir(join(place.directory, 'x'));
    await place.sh(`git fetch -q --upload-pack=${program} ${place.source} || true`);
    expect(existsSync(marker)).toBe(true);
  });
});
