import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, type GitPlace, gitPlace, inside } from '../support/git-place.ts';

const filesMax = 100_000;
const inTimeMs = 120_000;

describe('case 145: repositories and changes that are too large', () => {
  let place: GitPlace;

  beforeAll(async () => {
    place = await gitPlace();
    const level = 't=$(for i in 0 1 2 3 4 5 6 7 8 9; do printf "040000 tree $t\\td$i\\n"; done | git mktree)';
    await place.sh(
      `b=$(echo x | git hash-object -w --stdin); t=$(for i in 0 1 2 3 4 5 6 7 8 9; do printf "100644 blob $b\\tf$i\\n"; done | git mktree); for level in 1 2 3 4 5 6 7 8 9; do ${level}; done; git update-ref refs/heads/bomb $(git commit-tree -p main -m bomb $t)`,
    );
  });
  afterAll(async () => {
    await place?.remove();
  });

  it('145: a git bomb of twelve objects and 10^10 files is refused with a message, in time', async () => {
    const startedMs = performance.now();
    const { workspaces, run, repository } = place;
    const commit = await workspaces.fetch(run, repository, { branch: 'bomb', sha: null });
    expect(await codeOf(workspaces.facts(repository, commit, { filesMax }))).toBe('repository-too-large');
    expect(performance.now() - startedMs).toBeLessThan(inTimeMs);
  });

  it('145: whoever lists it without a limit goes on and on', async () => {
    const listed = await place.sh(`git ls-tree -r bomb | head -n ${filesMax * 2} | wc -l`);
    expect(Number(listed)).toBe(filesMax * 2);
  });

  it('145: a change with a file of 4 GB, or with thousands of files, is refused in time', async () => {
    const { workspace } = await place.open();
    const sandbox = await place.enter(workspace);
    const startedMs = performance.now();
    await inside(sandbox, 'truncate -s 3900M large');
    expect(await codeOf(workspace.checkpoint(sandbox))).toBe('tree-refused');
    await inside(
      sandbox,
      'rm large; for i in $(seq 40); do mkdir d$i; (cd d$i; seq 100 | xargs touch); done',
    );
    const tree = await workspace.checkpoint(sandbox);
    expect(await codeOf(workspace.inspect(workspace.baseTree, tree))).toBe('tree-refused');
    expect(performance.now() - startedMs).toBeLessThan(inTimeMs);
    await sandbox.close();
  });

  it('145: an LFS pointer stays a pointer: no filter of it is run and nothing is fetched', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\\noid sha256:${'0'.repeat(64)}\\nsize 12345\\n`;
    await place.sh(
      `git checkout -q main; printf '*.bin filter=lfs diff=lfs merge=lfs -text\\n' > .gitattributes; printf '${pointer}' > a.bin; git add -A; git commit -qm lfs`,
    );
    await place.sh('git config filter.lfs.smudge "touch ../smudged; cat"');
    const { workspaces, run, repository } = place;
    const commit = await workspaces.fetch(run, repository, { branch: 'main', sha: null });
    expect(await workspaces.facts(repository, commit, { filesMax })).toMatchObject({ lfsPointers: 1 });
    await workspaces.discard(run.id);
    const { workspace } = await place.open();
    const sandbox = await place.enter(workspace);
    expect(await inside(sandbox, 'head -c 30 a.bin')).toBe('version https://git-lfs.github');
    await sandbox.close();
    expect(await place.sh('ls ..')).not.toContain('smudged');
    await place.sh('rm a.bin; git checkout -q -f main -- a.bin');
    expect(await place.sh('ls ..')).toContain('smudged');
  });
});
