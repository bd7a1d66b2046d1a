import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommitId, RunId, TreeId } from '../../src/domain/ids.ts';
import type { SandboxRun } from '../../src/domain/sandbox.ts';
import type { Workspace } from '../../src/domain/workspace.ts';
import { codeOf, type GitPlace, gitPlace, inside } from '../support/git-place.ts';

describe('a run’s workspace', () => {
  let place: GitPlace;
  let workspace: Workspace;
  let sandbox: SandboxRun;
  let tip: CommitId;

  beforeAll(async () => {
    place = await gitPlace();
    await place.sh(
      'printf "*.crlf text eol=crlf\\n*.bin filter=lfs diff=lfs merge=lfs -text\\n" > .gitattributes',
    );
    await place.sh(
      'printf "a\\r\\nb\\r\\n" > w.crlf; printf "version https://git-lfs.github.com/spec/v1\\noid sha256:%064d\\nsize 12345\\n" 1 > big.bin',
    );
    await place.sh('git add -A && git commit -qm attributes');
    ({ workspace, tip } = await place.open());
    sandbox = await place.enter(workspace);
  });
  afterAll(async () => {
    await sandbox?.close();
    await place?.remove();
  });

  it('shows the agent the commit and its history, and nothing to do', async () => {
    expect(await inside(sandbox, 'git log --format=%s && git status --porcelain')).toBe(
      'attributes\nsecond\nfirst\n',
    );
    expect((await inside(sandbox, 'git rev-parse HEAD')).trim()).toBe(tip);
    expect(await inside(sandbox, 'git fsck --strict 2>&1 | grep -v dangling | cat')).not.toMatch(
      /missing|broken|error/,
    );
  });

  it('writes line endings as the repository says and leaves LFS pointers pointers', async () => {
    expect(await inside(sandbox, 'od -c w.crlf | head -1')).toContain('\\r  \\n');
    expect(await inside(sandbox, 'head -c 24 big.bin')).toBe('version https://git-lfs.');
    const facts = await place.workspaces.facts(place.repository, tip);
    expect(facts).toMatchObject({
      commit: tip,
      tree: workspace.baseTree,
      files: 6,
      submodules: [],
      lfsPointers: 1,
    });
    expect(facts.textFiles).toBeGreaterThan(0);
  });

  it('shares no object file with the host', async () => {
    const packs = join(workspace.directories.out, 'pullwright.git/objects/pack');
    for (const name of await readdir(packs)) expect((await stat(join(packs, name))).nlink).toBe(1);
    expect(
      await readFile(join(workspace.directories.workspace, '.git/objects/info/alternates'), 'utf8'),
    ).toBe('/out/pullwright.git/objects\n');
  });

  it('is the base tree as long as nothing changed', async () => {
    expect(await workspace.checkpoint(sandbox)).toBe(workspace.baseTree);
  });

  it('leaves out what tools drop into a repository that ignores nothing', async () => {
    await inside(sandbox, 'mkdir -p src/__pycache__ node_modules/x .pytest_cache');
    await inside(
      sandbox,
      'touch src/__pycache__/a.cpython-311.pyc node_modules/x/i.js .pytest_cache/v b.pyc',
    );
    expect(await workspace.checkpoint(sandbox)).toBe(workspace.baseTree);
    await inside(sandbox, 'rm -r src/__pycache__ node_modules .pytest_cache b.pyc');
  });

  it('records changed, new, deleted, executable and linked files, and no ignored one', async () => {
    await inside(sandbox, 'echo x >> src/a.txt; rm src/b.txt; echo n > new; chmod +x new; ln -s new link');
    await inside(sandbox, 'mkdir ignored && echo i > ignored/i');
    const tree = await workspace.checkpoint(sandbox);
    expect(await workspace.changes(workspace.baseTree, tree)).toEqual([
      { path: 'link', status: 'added', additions: 1, deletions: 0, binary: false },
      { path: 'new', status: 'added', additions: 1, deletions: 0, binary: false },
      { path: 'src/a.txt', status: 'modified', additions: 1, deletions: 0, binary: false },
      { path: 'src/b.txt', status: 'deleted', additions: 0, deletions: 1, binary: false },
    ]);
    expect(await workspace.listFiles(tree)).toContain('new');
    expect(String(await workspace.readFile(tree, 'src/a.txt'))).toBe('one\nmore\nx\n');
    expect(await workspace.readFile(tree, 'link')).toBeUndefined();
    expect(await workspace.readFile(tree, 'src/a.txt', 3)).toBeUndefined();
    expect(await workspace.readFile(tree, '../start')).toBeUndefined();
    expect(await workspace.addedLines(workspace.baseTree, tree)).toContainEqual({
      path: 'src/a.txt',
      line: 3,
      text: 'x',
    });
    expect(await codeOf(workspace.inspect(workspace.baseTree, tree))).toBe('none');
  });

  it('gives the diff as GitHub shows it: a file that was moved by what changed in it', async () => {
    const long = Array.from({ length: 12 }, (_, index) => `line ${index}`);
    const write = async (path: string, lines: readonly string[]) =>
      await inside(sandbox, `printf '${lines.join('\\n')}\\n' > ${path}`);
    await write('moved-from', long);
    const before = await workspace.checkpoint(sandbox);
    await inside(sandbox, 'rm moved-from');
    await write('moved-to', long.with(11, 'another end'));
    const after = await workspace.checkpoint(sandbox);
    const { lines, truncated } = await workspace.diffLines(before, after, 1_000_000);
    expect(truncated).toBe(false);
    expect(lines.filter(({ kind }) => kind !== 'context')).toEqual([
      { path: 'moved-to', kind: 'removed', line: 12, text: 'line 11' },
      { path: 'moved-to', kind: 'added', line: 12, text: 'another end' },
    ]);
    expect((await workspace.addedLines(before, after)).length).toBe(12);
    await inside(sandbox, 'rm moved-to');
  });

  it('is found again by another process, with its last checkpoint', async () => {
    const again = await place.workspaces.open(place.run.id, place.repository, tip);
    const tree = await again.checkpoint(sandbox);
    expect(tree).toBe(await workspace.checkpoint(sandbox));
    expect(tree).not.toBe(again.baseTree);
  });

  it('goes back to an earlier tree and forth again, and keeps ignored files', async () => {
    const later = await workspace.checkpoint(sandbox);
    await inside(sandbox, 'echo unrecorded > stray; git init -q nested; rm -rf src; mkfifo src');
    await workspace.restore(sandbox, workspace.baseTree);
    expect(await inside(sandbox, 'cat ignored/i; git status --porcelain; ls')).toBe(
      'i\nbig.bin\nignored\nsrc\nw.crlf\n',
    );
    expect(await workspace.checkpoint(sandbox)).toBe(workspace.baseTree);
    await workspace.restore(sandbox, later);
    expect(await inside(sandbox, './new || true; readlink link; cat src/a.txt')).toBe('new\none\nmore\nx\n');
    expect(await workspace.checkpoint(sandbox)).toBe(later);
  });

  it('survives an agent that destroys every repository it can reach', async () => {
    const before = await workspace.checkpoint(sandbox);
    await inside(sandbox, 'rm -rf .git /out/* /home/agent/.[a-z]*; echo after > after');
    const tree = await workspace.checkpoint(sandbox);
    expect(await workspace.changes(before, tree)).toMatchObject([{ path: 'after', status: 'added' }]);
    await inside(sandbox, 'printf garbage > /out/pullwright.git/index');
    expect(await workspace.checkpoint(sandbox)).toBe(tree);
    await inside(sandbox, 'rm -rf /out/pullwright.git');
    await workspace.restore(sandbox, before);
    expect(await workspace.checkpoint(sandbox)).toBe(before);
  });

  it('materialises a tree afresh, where nobody has been', async () => {
    const tree = await workspace.checkpoint(sandbox);
    const first = await workspace.materialise('head', tree);
    const other = await place.sandbox.open({ name: 'head', ...first });
    await inside(other, 'echo dirt > dirt');
    await other.close();
    const second = await workspace.materialise('head', tree);
    expect(second.workspace).toBe(first.workspace);
    expect((await readdir(second.workspace)).sort()).toEqual(
      ['.git', '.gitattributes', '.gitignore', 'big.bin', 'link', 'new', 'src', 'w.crlf'].sort(),
    );
  });

  it('makes the same commit of the same request', async () => {
    const tree = await workspace.checkpoint(sandbox);
    const author = { name: 'bot', email: 'bot@example.invalid' };
    const request = {
      tree,
      parent: tip,
      message: 'Fix it\n\nBecause.',
      author,
      at: new Date('2026-01-02T03:04:05Z'),
    };
    const commit = await workspace.commit(request);
    expect(await workspace.commit(request)).toBe(commit);
    expect(await workspace.commit({ ...request, message: 'Other' })).not.toBe(commit);
    expect((await place.workspaces.facts(place.repository, tip)).tree).toBe(workspace.baseTree);
  });

  it('cuts a patch at a line and says so', async () => {
    const tree = await workspace.checkpoint(sandbox);
    const whole = await workspace.patch(workspace.baseTree, tree, 100_000);
    const cut = await workspace.patch(workspace.baseTree, tree, 150);
    expect(whole.truncated).toBe(false);
    expect(cut.truncated).toBe(true);
    expect(whole.text.startsWith(cut.text)).toBe(true);
    expect(cut.text.endsWith('\n')).toBe(true);
  });

  it('refuses an id, a run or a file that could name something else', async () => {
    expect(await codeOf(workspace.changes('--output=/tmp/x' as TreeId, workspace.baseTree))).toBe(
      'git-failed',
    );
    expect(await codeOf(place.workspaces.discard('../..' as RunId))).toBe('internal');
    expect(await codeOf(workspace.materialise('../x', workspace.baseTree))).toBe('internal');
  });

  it('is gone after it is discarded; the mirror stays until the repository is forgotten', async () => {
    await place.workspaces.discard(place.run.id);
    expect(await readdir(join(place.stateDir, 'runs'))).toEqual([]);
    expect(String(await place.workspaces.readFile(place.repository, tip, '.gitignore'))).toBe('ignored/\n');
    await place.workspaces.forget(place.repository.id);
    expect(await readdir(join(place.stateDir, 'mirrors'))).not.toContain('7.git');
  });
});
