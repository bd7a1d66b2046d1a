import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommitId, RunId, TreeId } from '../../src/domain/ids.ts';
import type { Workspace } from '../../src/domain/workspace.ts';
import { codeOf, type GitPlace, gitPlace } from '../support/git-place.ts';

describe('taking back in the clean clone', () => {
  let place: GitPlace;
  let workspace: Workspace;
  let commits: Record<'base' | 'agent' | 'person' | 'tip', CommitId>;
  const lines = (...texts: string[]): string => `printf '${texts.map((text) => `${text}\\n`).join('')}'`;

  beforeAll(async () => {
    place = await gitPlace();
    const commit = async (message: string, author = 'person'): Promise<CommitId> => {
      await place.sh(
        `git add -A && git commit -qm "${message}" --author="${author} <${author}@example.invalid>"`,
      );
      return (await place.sh('git rev-parse HEAD')).trim() as CommitId;
    };
    await place.sh(
      // A driver that a repository asks for is not run: nothing configures it, and attributes are not read.
      `printf '* merge=evil\\n' > .gitattributes; ${lines('1', '2', '3', '4', '5', '6', '7')} > far.txt; ${lines('one')} > near.txt`,
    );
    const base = await commit('base');
    await place.sh(
      `sed -i 's/^2$/two/' far.txt; ${lines('agent')} > near.txt; ${lines('new')} > src/new.txt`,
    );
    const agent = await commit('agent');
    await place.sh(`sed -i 's/^6$/six/' far.txt`);
    const person = await commit('person', 'Wim\tthe odd');
    await place.sh(`${lines('person')} > near.txt; git mv src moved`);
    const tip = await commit('last');
    commits = { base, agent, person, tip };
    ({ workspace } = await place.open());
  });
  afterAll(async () => {
    await place?.remove();
  });

  const treeAt = (name: keyof typeof commits): Promise<TreeId> => workspace.treeOf(commits[name]);

  it('lists what a branch has on top of another, newest first, and who touched a path', async () => {
    const all = await workspace.commitsSince(commits.base, commits.tip);
    expect(all.map(({ sha }) => sha)).toEqual([commits.tip, commits.person, commits.agent]);
    expect(all[1]).toEqual({ sha: commits.person, parents: [commits.agent], author: 'Wim the odd' });
    const near = await workspace.commitsSince(commits.agent, commits.tip, ['near.txt', ':(glob)**']);
    expect(near.map(({ sha }) => sha)).toEqual([commits.tip]);
  });

  it('keeps what people changed elsewhere in the same file', async () => {
    const merged = await workspace.mergeClean({
      base: await treeAt('agent'),
      ours: await treeAt('person'),
      theirs: await treeAt('base'),
    });
    if (!merged.ok) throw new Error('a conflict');
    expect((await workspace.readFile(merged.tree, 'far.txt'))?.toString()).toBe('1\n2\n3\n4\n5\nsix\n7\n');
    expect((await workspace.readFile(merged.tree, 'near.txt'))?.toString()).toBe('one\n');
    expect(await workspace.listFiles(merged.tree)).not.toContain('src/new.txt');
  });

  it('packs trees on top of the start, and takes them in elsewhere only as what they are', async () => {
    const trees = [await treeAt('person'), await treeAt('agent')];
    expect(await workspace.pack(trees, 10)).toBeUndefined();
    const pack = await workspace.pack(trees, 1_000_000);
    if (!pack) throw new Error('no pack');
    const runId = '01hyyyyyyyyyyyyyyyyyyyyyyy' as RunId;
    const other = await place.workspaces.open(runId, place.repository, commits.base);
    await other.unpack(pack, trees[1] as TreeId);
    expect((await other.readFile(trees[1] as TreeId, 'near.txt'))?.toString()).toBe('agent\n');
    expect(await codeOf(other.unpack(pack, 'a'.repeat(40) as TreeId))).toBe('tree-refused');
    expect(await codeOf(other.unpack(Buffer.from('no pack'.repeat(9)), trees[0] as TreeId))).toBe(
      'tree-refused',
    );
  });

  it('names the files that both sides changed or moved, and writes none', async () => {
    const before = await readdir(place.stateDir, { recursive: true });
    const merged = await workspace.mergeClean({
      base: await treeAt('agent'),
      ours: await treeAt('tip'),
      theirs: await treeAt('base'),
    });
    expect(merged).toEqual({ ok: false, paths: ['moved/new.txt', 'near.txt'] });
    const after = await readdir(place.stateDir, { recursive: true });
    const made = after.filter((path) => !before.includes(path));
    expect(made.filter((path) => !path.includes('clean.git/objects'))).toEqual([]);
  });
});
