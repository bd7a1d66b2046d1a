import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '../domain/app-error.ts';
import type { TokenSource } from '../domain/forge.ts';
import type { CommitId, RunId } from '../domain/ids.ts';
import type { JournalReader, JournalSnapshot } from '../domain/journal-ref.ts';
import { writeRepository } from './bare-repository.ts';
import { runLocalGit, runRemoteGit } from './host-git.ts';
import { type RemoteAccess, withRemoteAccess } from './remote-access.ts';
import { statePaths } from './state-paths.ts';
import { withFileLock } from './with-file-lock.ts';

export interface JournalReaderOptions {
  readonly stateDir: string;
  readonly tokens: TokenSource | null;
}

const fileBytesMax = 64 * 1024 * 1024;
const prefix = 'refs/agent/journal/';

/** Reads journal refs of a forge or of a bare repository on this machine. */
export function createJournalReader(options: JournalReaderOptions): JournalReader {
  const paths = statePaths(options.stateDir);
  return {
    async fetch({ installationId, repository }) {
      await paths.prepare();
      const mirror = paths.mirror(repository.id);
      const wanted = { repository, permissions: { contents: 'read' } } as const;
      const remote = { tokens: options.tokens, localMode: false };
      return await withRemoteAccess(remote, { installationId }, wanted, (access) =>
        fetchInto(mirror, access),
      );
    },
    async fetchFrom(directory) {
      const from = resolve(directory);
      if (!existsSync(join(from, 'objects')))
        throw new AppError('config-invalid', `${directory} is not a bare repository`);
      await paths.prepare();
      const access = {
        url: pathToFileURL(from).href,
        config: ['protocol.file.allow=always'],
        env: { GIT_ALLOW_PROTOCOL: 'file' },
        secrets: [],
      };
      const staging = join(paths.mirrors, 'restored.git');
      const found = await fetchInto(staging, access);
      return found.map((snapshot) => lending(snapshot, { staging, paths }));
    },
  };
}

/** The mirror of the run's repository borrows from the staging repository, so that checkpoints are found. */
function lending(
  snapshot: JournalSnapshot,
  { staging, paths }: { readonly staging: string; readonly paths: ReturnType<typeof statePaths> },
): JournalSnapshot {
  return {
    ...snapshot,
    async adopt(repositoryId) {
      const mirror = paths.mirror(repositoryId);
      const access = {
        url: pathToFileURL(staging).href,
        config: ['protocol.file.allow=always'],
        env: { GIT_ALLOW_PROTOCOL: 'file' },
        secrets: [],
      };
      await fetchInto(mirror, access, snapshot.runId);
    },
  };
}

async function fetchInto(
  gitDir: string,
  access: RemoteAccess,
  only = '*',
): Promise<readonly JournalSnapshot[]> {
  await withFileLock(`${gitDir}.lock`, async () => {
    await writeRepository(gitDir, { bare: true });
    const args = ['fetch', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance'];
    await runRemoteGit({
      gitDir,
      access,
      args: [...args, '--', access.url, `+${prefix}${only}:${prefix}${only}`],
    });
  });
  const { stdout } = await runLocalGit({
    gitDir,
    args: ['for-each-ref', '--format=%(objectname) %(refname)', prefix],
  });
  return stdout
    .toString('utf8')
    .split('\n')
    .flatMap((row) => {
      const [commit = '', ref = ''] = row.split(' ');
      const runId = ref.slice(prefix.length);
      return /^[a-z0-9]{26}$/.test(runId) ? [snapshotOf(gitDir, runId as RunId, commit as CommitId)] : [];
    });
}

function snapshotOf(gitDir: string, runId: RunId, commit: CommitId): JournalSnapshot {
  return {
    runId,
    commit,
    adopt: async () => undefined,
    async file(path) {
      const args = ['cat-file', 'blob', `${commit}:${path}`];
      const result = await runLocalGit({ gitDir, args, accept: [128], outputBytesMax: fileBytesMax });
      return result.code === 0 ? result.stdout : undefined;
    },
    async paths() {
      const { stdout } = await runLocalGit({
        gitDir,
        args: ['ls-tree', '-r', '--name-only', commit, 'blobs/'],
      });
      return stdout
        .toString('utf8')
        .split('\n')
        .filter((path) => path !== '');
    },
  };
}
