import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommitId } from '../../src/domain/ids.ts';
import type { Workspace } from '../../src/domain/workspace.ts';
import { gitHttpServer } from '../support/git-http-server.ts';
import { codeOf, type GitPlace, gitPlace, inside } from '../support/git-place.ts';

interface Stage {
  readonly place: GitPlace;
  /** The place whose source is the forge's repository. */
  readonly forge: GitPlace;
  close(): Promise<void>;
}

async function overFiles(): Promise<Stage> {
  const place = await gitPlace();
  return { place, forge: place, close: () => place.remove() };
}

async function overHttp(): Promise<Stage> {
  const forge = await gitPlace();
  await forge.sh('git config http.receivepack true');
  const server = await gitHttpServer(forge.directory);
  const token = { reveal: () => 'ghs_token', expiresAt: new Date(Date.now() + 3_600_000) };
  const place = await gitPlace({
    cloneUrl: `${server.origin}/source/.git`,
    localMode: false,
    tokens: { token: async () => token, forget: () => undefined, release: () => [] },
  });
  const close = async (): Promise<void> => {
    await server.close();
    await place.remove();
    await forge.remove();
  };
  return { place, forge, close };
}

/** What the workflow relies on, whatever carries the objects. */
describe.each([
  ['local files', overFiles],
  ['HTTP', overHttp],
])('workspaces and pushes over %s', (_name, open) => {
  let stage: Stage;
  let workspace: Workspace;
  let tip: CommitId;
  beforeAll(async () => {
    stage = await open();
    ({ workspace, tip } = await stage.place.open());
  });
  afterAll(() => stage.close());

  it('start at the tip of the branch', async () => {
    expect(tip).toBe((await stage.forge.sh('git rev-parse main')).trim());
    expect(await workspace.listFiles(workspace.baseTree)).toEqual(['.gitignore', 'src/a.txt', 'src/b.txt']);
  });

  it('give the files of a tree by object id, and many of their texts at once', async () => {
    const files = await workspace.treeFiles(workspace.baseTree);
    expect(files.map(({ path }) => path)).toEqual(['.gitignore', 'src/a.txt', 'src/b.txt']);
    const texts = await workspace.readBlobs(files.map(({ blob }) => blob));
    for (const { path, blob, sizeBytes } of files) {
      expect(texts.get(blob)).toEqual(await workspace.readFile(workspace.baseTree, path));
      expect(texts.get(blob)).toHaveLength(sizeBytes);
    }
    expect(await workspace.readBlobs([])).toEqual(new Map());
  });

  it("put some of one tree's files into another, and take away what it lacks", async () => {
    const sandbox = await stage.place.enter(workspace);
    await inside(sandbox, 'echo new > src/c.txt; echo other > src/a.txt; rm src/b.txt');
    const head = await workspace.checkpoint(sandbox);
    await workspace.restore(sandbox, workspace.baseTree);
    await sandbox.close();
    const tree = await workspace.graft(workspace.baseTree, head, ['src/b.txt', 'src/c.txt', 'no/such']);
    expect(await workspace.listFiles(tree)).toEqual(['.gitignore', 'src/a.txt', 'src/c.txt']);
    expect(await workspace.readFile(tree, 'src/a.txt')).toEqual(
      await workspace.readFile(workspace.baseTree, 'src/a.txt'),
    );
    expect(await workspace.graft(workspace.baseTree, head, [])).toBe(workspace.baseTree);
  });

  it('take a change out of the sandbox, commit it, and push it exactly once', async () => {
    const { place, forge } = stage;
    const sandbox = await place.enter(workspace);
    await inside(sandbox, 'echo changed > src/a.txt');
    const tree = await workspace.checkpoint(sandbox);
    await sandbox.close();
    expect((await workspace.changes(workspace.baseTree, tree)).map(({ path }) => path)).toEqual([
      'src/a.txt',
    ]);
    const author = { name: 'bot', email: 'bot@example.invalid' };
    const made = { tree, parent: tip, message: 'Change', author, at: new Date(0) };
    const limits = { filesMax: 10, bytesMax: 1_000 };
    expect(await workspace.contents(workspace.baseTree, tree, limits)).toEqual({
      ok: true,
      files: [{ path: 'src/a.txt', mode: '100644', content: Buffer.from('changed\n') }],
    });
    expect(await workspace.contents(tree, workspace.baseTree, { filesMax: 0, bytesMax: 1_000 })).toEqual({
      ok: false,
      why: '1 files were changed',
    });
    expect(await workspace.contents(workspace.baseTree, tree, { filesMax: 1, bytesMax: 7 })).toMatchObject({
      ok: false,
      why: expect.stringContaining('8 bytes'),
    });
    const commit = await workspace.commit(made);
    expect(await workspace.commit(made)).toBe(commit);

    const { run, repository, pusher } = place;
    const branch = run.branches.head;
    expect(await pusher.remoteTip(run, branch)).toBeNull();
    await pusher.push({ run, repository, branch, commit, expected: null });
    expect(await pusher.remoteTip(run, branch)).toBe(commit);
    expect((await forge.sh(`git show ${branch}:src/a.txt`)).trim()).toBe('changed');
    expect(await codeOf(pusher.push({ run, repository, branch, commit: tip, expected: null }))).toBe(
      'git-moved',
    );
  });

  it('never push the default branch', async () => {
    const { run, repository, pusher } = stage.place;
    const pushed = pusher.push({ run, repository, branch: 'main', commit: tip, expected: tip });
    expect(await codeOf(pushed)).not.toBe('none');
  });
});
