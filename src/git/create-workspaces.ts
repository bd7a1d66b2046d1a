import { readdir, rm } from 'node:fs/promises';
import { betweenCrashPoints } from '../domain/crash-point.ts';
import type { TokenSource } from '../domain/forge.ts';
import type { Logger } from '../domain/logger.ts';
import type { Workspaces } from '../domain/workspace.ts';
import { checkedObjectId } from './branch-name.ts';
import { fetchMirror, mergeBase } from './fetch-mirror.ts';
import { keptIn } from './kept-runs.ts';
import { discardRun, openWorkspace, type WorkspaceContext } from './open-workspace.ts';
import { readTreeFile } from './read-tree.ts';
import { withRemoteAccess } from './remote-access.ts';
import { statePaths } from './state-paths.ts';
import { treeFacts } from './tree-facts.ts';
import { withFileLock } from './with-file-lock.ts';

export interface WorkspacesOptions {
  /** As root, everyone must be able to enter it: the sandboxes' uid looks its directories up by path. */
  readonly stateDir: string;
  /** Null: repositories are read without a credential. */
  readonly tokens: TokenSource | null;
  /** `file:` clone URLs are allowed. */
  readonly localMode: boolean;
  readonly log: Logger;
  /** Of the sandbox port: gives a directory to the sandboxed uid, removes one that sandboxed code wrote. */
  adopt(directory: string): Promise<void>;
  remove(directory: string): Promise<void>;
}

/** Mirrors and run workspaces below `stateDir`, over real git. */
export function createWorkspaces(options: WorkspacesOptions): Workspaces {
  const paths = statePaths(options.stateDir);
  const context: WorkspaceContext = {
    paths,
    log: options.log,
    adopt: async (directory) => await options.adopt(directory),
    remove: async (directory) => await options.remove(directory),
  };
  return {
    async fetch(run, repository, wanted) {
      await paths.prepare();
      const request = {
        mirror: paths.mirror(repository.id),
        branch: wanted.branch,
        sha: wanted.sha,
        pullNumber: run.target.kind === 'pull-request' ? run.target.number : null,
      };
      const reading = { repository, permissions: { contents: 'read' } } as const;
      return await betweenCrashPoints('base.fetch', () =>
        withRemoteAccess(options, run, reading, (access) => fetchMirror({ ...request, access })),
      );
    },
    mergeBase: async (repository, one, other) => await mergeBase(paths.mirror(repository.id), one, other),
    facts: async (repository, commit, limits) =>
      await treeFacts(paths.mirror(repository.id), checkedObjectId(commit), limits?.filesMax),
    open: async (runId, repository, start) =>
      await openWorkspace(context, { runId, mirror: paths.mirror(repository.id), start }),
    readFile: async (repository, commit, path) =>
      await readTreeFile(paths.mirror(repository.id), commit, path),
    async discard(runId) {
      const names = await readdir(paths.runs).catch(() => []);
      await betweenCrashPoints('workspace.discard', () => discardRun(context, runId, names));
    },
    kept: async () =>
      await keptIn(paths.runs, /^(?:\.new-(?<draft>.+)-[0-9a-f]{8}(?:-[0-9a-f]{4,12}){4}|(?<run>[^.].*))$/),
    async forget(repositoryId) {
      const mirror = paths.mirror(repositoryId);
      await paths.prepare();
      await withFileLock(`${mirror}.lock`, async () => {
        await rm(mirror, { recursive: true, force: true });
      });
    },
  };
}
