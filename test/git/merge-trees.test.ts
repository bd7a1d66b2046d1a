import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommitId, TreeId } from '../../src/domain/ids.ts';
import type { SandboxRun } from '../../src/domain/sandbox.ts';
import type { Workspace } from '../../src/domain/workspace.ts';
import { codeOf, type GitPlace, gitPlace, inside } from '../support/git-place.ts';

describe('two sides of a repository', () => {
  let place: GitPlace;
  let workspace: Workspace;
  let sandbox: SandboxRun;
  const commits = new Map<string, CommitId>();

  /** A branch off `main` with one commit, made outside every sandbox. */
  async function side(name: string, change: string): Promise<CommitId> {
    await place.sh(`git switch -qc ${name} first && ${change} && git add -A && git commit -qm "did ${name}"`);
    await place.workspaces.fetch(place.run, place.repository, { branch: name, sha: null });
    const id = (await place.sh('git rev-parse HEAD')).trim() as CommitId;
    commits.set(name, id);
    return id;
  }

  async function treesOf(
    ours: string,
    theirs: string,
  ): Promise<{ base: TreeId; ours: TreeId; theirs: TreeId }> {
    const compared = await workspace.compare(commitOf(ours), commitOf(theirs));
    if (compared.base === null) throw new Error('they never parted');
    const tree = async (id: CommitId): Promise<TreeId> =>
      (await place.workspaces.facts(place.repository, id)).tree;
    return {
      base: compared.base.tree,
      ours: await tree(commitOf(ours)),
      theirs: await tree(commitOf(theirs)),
    };
  }

  function commitOf(name: string): CommitId {
    const id = commits.get(name);
    if (id === undefined) throw new Error(`no ${name}`);
    return id;
  }

  beforeAll(async () => {
    place = await gitPlace();
    await place.sh('seq 1 20 > lines && git add -A && git commit -qm lines && git branch first');
    await side('top', 'sed -i 1s/.*/ours/ lines && echo new > added');
    await side('bottom', 'sed -i 20s/.*/theirs/ lines && git rm -q src/b.txt');
    await side('rival', 'sed -i 1s/.*/theirs/ lines && printf "od\\nd" > "$(printf "new\\nline")"');
    await side('deleter', 'git rm -q lines');
    await place.sh('git switch -q --orphan alone && echo x > x && git add -A && git commit -qm alone');
    commits.set('alone', (await place.sh('git rev-parse HEAD')).trim() as CommitId);
    await place.workspaces.fetch(place.run, place.repository, { branch: 'alone', sha: null });
    await place.sh('git switch -q main');
    ({ workspace } = await place.open());
    sandbox = await place.enter(workspace);
  });
  afterAll(async () => {
    await sandbox?.close();
    await place?.remove();
  });

  it('are compared by where they parted and what was done since', async () => {
    const compared = await workspace.compare(commitOf('top'), commitOf('bottom'));
    expect(compared.ours).toEqual(['did top']);
    expect(compared.theirs).toEqual(['did bottom']);
    expect(compared.base?.commit).toBe((await place.sh('git rev-parse first')).trim());
  });

  it('have no common start where their histories share nothing', async () => {
    expect(await workspace.compare(commitOf('top'), commitOf('alone'))).toEqual({
      base: null,
      ours: [],
      theirs: [],
    });
  });

  it('come together with what both did', async () => {
    const merged = await workspace.merge(sandbox, await treesOf('top', 'bottom'));
    expect(merged.conflicts).toEqual([]);
    const text = (await workspace.readFile(merged.tree, 'lines'))?.toString('utf8').split('\n');
    expect([text?.[0], text?.[19]]).toEqual(['ours', 'theirs']);
    expect(await workspace.listFiles(merged.tree)).toEqual(['.gitignore', 'added', 'lines', 'src/a.txt']);
  });

  it('show both in a file where they contradict each other, and the work tree can be made so', async () => {
    const sides = await treesOf('top', 'rival');
    const merged = await workspace.merge(sandbox, sides);
    expect(merged.conflicts).toEqual(['lines']);
    const text = (await workspace.readFile(merged.tree, 'lines'))?.toString('utf8');
    expect(text).toMatch(/^<<<<<<< pull-request\nours\n=======\ntheirs\n>>>>>>> base-branch\n2\n/);
    await workspace.restore(sandbox, merged.tree);
    expect(await inside(sandbox, 'head -1 lines')).toBe('<<<<<<< pull-request\n');
    expect(await workspace.checkpoint(sandbox)).toBe(merged.tree);
    expect((await workspace.merge(sandbox, sides)).tree).toBe(merged.tree);
  });

  it('name a file that one deleted and the other changed', async () => {
    expect((await workspace.merge(sandbox, await treesOf('top', 'deleter'))).conflicts).toEqual(['lines']);
  });

  it('are not merged where an object is missing or an id is none', async () => {
    const sides = await treesOf('top', 'bottom');
    const absent = '1'.repeat(40) as TreeId;
    expect(await codeOf(workspace.merge(sandbox, { ...sides, theirs: absent }))).toBe('tree-refused');
    const option = '--upload-pack=x' as TreeId;
    expect(await codeOf(workspace.merge(sandbox, { ...sides, theirs: option }))).toBe('git-failed');
  });

  it('make a commit with two parents', async () => {
    const { tree } = await workspace.merge(sandbox, await treesOf('top', 'bottom'));
    const [parent, merged] = [commitOf('top'), commitOf('bottom')];
    const request = { tree, parent, merged, message: 'merge', at: new Date(0) };
    const author = { name: 'bot', email: 'bot@example.invalid' };
    const commit = await workspace.commit({ ...request, author });
    expect(await workspace.commit({ ...request, author })).toBe(commit);
    const { base } = await workspace.compare(commit, commitOf('bottom'));
    expect(base?.commit).toBe(merged);
  });
});
