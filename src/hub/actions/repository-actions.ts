import { writeBlob, writeCommit, writeTree } from '../git/git-objects.ts';
import { ApiError } from '../http/api-error.ts';
import type { HubContext } from '../hub-context.ts';
import { noreplyAddress } from '../shapes/commit-shape.ts';
import type { Repository, User } from '../state/model.ts';

export interface NewRepository {
  readonly owner: User;
  readonly name: string;
  readonly private: boolean;
  readonly description?: string | null;
  readonly defaultBranch?: string;
  readonly parent?: Repository;
}

const validName = /^[A-Za-z0-9._-]{1,100}$/;

/** Makes an empty repository, or a fork with the parent's branches and tags. 422 for a taken or unusable name. */
export async function createRepository(hub: HubContext, wanted: NewRepository): Promise<Repository> {
  const { owner, name, parent } = wanted;
  if (!validName.test(name) || /^\.+$/.test(name) || name.endsWith('.git'))
    throw new ApiError(422, 'Repository creation failed.', [
      { resource: 'Repository', field: 'name', code: 'invalid' },
    ]);
  if (hub.state.repository(owner.login, name))
    throw new ApiError(422, 'Repository creation failed.', [
      {
        resource: 'Repository',
        field: 'name',
        code: 'custom',
        message: 'name already exists on this account',
      },
    ]);
  const now = new Date();
  const repository: Repository = {
    id: hub.state.ids.take('repository'),
    owner,
    name,
    description: wanted.description ?? null,
    private: wanted.private,
    archived: false,
    drafts: true,
    deleted: false,
    hasIssues: parent === undefined,
    defaultBranch: wanted.defaultBranch ?? parent?.defaultBranch ?? 'main',
    parent: parent ?? null,
    gitDir: hub.store.gitDirOf(owner.login, name),
    refs: new Map(),
    roles: new Map(),
    labels: [],
    issues: [],
    lastNumber: 0,
    suites: [],
    statuses: [],
    codeScanning: true,
    sarifs: [],
    workflows: [],
    workflowRuns: [],
    protectedBranches: new Map(),
    strictBranches: new Set(),
    ruledBranches: new Map(),
    signedCommits: new Set(),
    sizeKib: 0,
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
  };
  await hub.store.create(repository.gitDir, repository.defaultBranch);
  if (parent) await hub.store.importFrom(repository, parent.gitDir);
  hub.state.repositories.set(`${owner.login}/${name}`.toLowerCase(), repository);
  hub.state.changed();
  return repository;
}

/** Removes it from where it is found; its pull requests elsewhere stay open. */
export function deleteRepository(hub: HubContext, repository: Repository): void {
  repository.deleted = true;
  hub.state.repositories.delete(`${repository.owner.login}/${repository.name}`.toLowerCase());
  hub.state.changed();
}

/** Puts a first commit with these files on the default branch. */
export async function addFirstCommit(
  hub: HubContext,
  repository: Repository,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const { gitDir, owner } = repository;
  const changes = [];
  for (const [path, content] of Object.entries(files))
    changes.push({ path, mode: '100644', sha: await writeBlob(gitDir, Buffer.from(content)) });
  const date = `${new Date().toISOString().slice(0, 19)}Z`;
  const signature = { name: owner.login, email: noreplyAddress(owner), date };
  const sha = await writeCommit(gitDir, {
    tree: await writeTree(gitDir, null, changes),
    parents: [],
    message: 'Initial commit\n',
    author: signature,
    committer: signature,
  });
  await hub.store.moveRef(repository, `refs/heads/${repository.defaultBranch}`, sha, null);
}
