import type { CommitId, TreeId } from '../domain/ids.ts';
import type { Divergence } from '../domain/workspace.ts';
import { checkedObjectId } from './branch-name.ts';
import { mergeBase } from './fetch-mirror.ts';
import { runLocalGit } from './host-git.ts';

const subjectsMax = 20;
const subjectCharsMax = 200;

/** Where two commits parted, and what was done on each side since: the newest 20 subjects, merges left out. */
export async function compareCommits(gitDir: string, ours: CommitId, theirs: CommitId): Promise<Divergence> {
  const base = await mergeBase(gitDir, ours, theirs);
  if (base === null) return { base: null, ours: [], theirs: [] };
  return {
    base: { commit: base, tree: await treeOf(gitDir, base) },
    ours: await subjects(gitDir, base, ours),
    theirs: await subjects(gitDir, base, theirs),
  };
}

/** The tree of a commit. */
export async function treeOf(gitDir: string, commit: CommitId): Promise<TreeId> {
  const args = ['rev-parse', '--verify', `${checkedObjectId(commit)}^{tree}`];
  const { stdout } = await runLocalGit({ gitDir, args });
  return stdout.toString('latin1').trim() as TreeId;
}

async function subjects(gitDir: string, base: string, tip: CommitId): Promise<readonly string[]> {
  const { stdout } = await runLocalGit({
    gitDir,
    args: ['log', '--no-merges', `--max-count=${subjectsMax}`, '--format=%s', `${base}..${tip}`, '--'],
  });
  const lines = stdout.toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => line.slice(0, subjectCharsMax));
}
