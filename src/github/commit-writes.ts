import type { Octokit } from '@octokit/rest';
import type { ForgeWriter, NewTreeEntry, RepositoryAddress, TokenPermissions } from '../domain/forge.ts';
import type { CommitId, TreeId } from '../domain/ids.ts';
import type { RepositoryCaller } from './repository-caller.ts';

export type CommitWrites = Pick<
  ForgeWriter,
  'createBlob' | 'createTree' | 'createCommit' | 'createBranch' | 'moveBranch'
>;

const onContents: TokenPermissions = { contents: 'write', metadata: 'read' };

/**
 * Commits by REST. Without `author` and `committer` GitHub takes the App for both and signs:
 * https://docs.github.com/en/authentication/managing-commit-signature-verification/about-commit-signature-verification#signature-verification-for-bots
 */
export function createCommitWrites(caller: RepositoryCaller): CommitWrites {
  const call = <Answer>(
    at: RepositoryAddress,
    send: (rest: Octokit['rest'], name: { readonly owner: string; readonly repo: string }) => Promise<Answer>,
  ): Promise<Answer> =>
    caller.call({ at, permissions: onContents }, ({ rest }) =>
      send(rest, { owner: at.owner, repo: at.name }),
    );
  return {
    createBlob: (at, content) =>
      call(at, async (rest, name) => {
        const blob = { content: content.toString('base64'), encoding: 'base64' };
        return (await rest.git.createBlob({ ...name, ...blob })).data.sha;
      }),
    createTree: (at, base, entries) =>
      call(at, async (rest, name) => {
        const tree = entries.map(toTreeEntry);
        return (await rest.git.createTree({ ...name, base_tree: base, tree })).data.sha as TreeId;
      }),
    createCommit: (at, { tree, parents, message }) =>
      call(at, async (rest, name) => {
        const { data } = await rest.git.createCommit({ ...name, tree, message, parents: [...parents] });
        return data.sha as CommitId;
      }),
    createBranch: (at, branch, sha) =>
      call(at, async (rest, name) => {
        await rest.git.createRef({ ...name, ref: `refs/heads/${branch}`, sha });
      }),
    moveBranch: (at, branch, sha) =>
      call(at, async (rest, name) => {
        await rest.git.updateRef({ ...name, ref: `heads/${branch}`, sha, force: false });
      }),
  };
}

function toTreeEntry(entry: NewTreeEntry) {
  const { path, mode } = entry;
  const object = 'text' in entry ? { content: entry.text } : { sha: entry.blob };
  return { path, mode, type: 'blob' as const, ...object };
}
