import { AppError } from '../domain/app-error.ts';
import type { RepositoryAddress, TokenPermissions, TokenSource } from '../domain/forge.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { Run } from '../domain/run.ts';
import { isUnauthenticated } from './git-failure.ts';

/** What one command may reach, and with what: the origin of the clone URL and nothing else. */
export interface RemoteAccess {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  readonly config: readonly string[];
  /** Texts that must not appear in an error. */
  readonly secrets: readonly string[];
}

export interface RemoteAccessOptions {
  readonly tokens: TokenSource | null;
  readonly localMode: boolean;
}

/** Whose tokens: a run's own, or those of what belongs to no run. */
export type AccessHolder = Pick<Run, 'installationId'> & Partial<Pick<Run, 'id'>>;

interface Wanted {
  readonly repository: RepositoryRef;
  readonly permissions: TokenPermissions;
}

/**
 * Runs a command with access. Where the forge no longer knows the token (it expired meanwhile, in the middle of a push
 * too) one more is minted and the command repeated once: what was not let in changed nothing.
 */
export async function withRemoteAccess<T>(
  options: RemoteAccessOptions,
  holder: AccessHolder,
  wanted: Wanted,
  use: (access: RemoteAccess) => Promise<T>,
): Promise<T> {
  const { repository, permissions } = wanted;
  try {
    return await use(await remoteAccess(options, holder, repository, permissions));
  } catch (error) {
    if (options.tokens === null || !isUnauthenticated(error)) throw error;
    options.tokens.forget(addressOf(holder, repository), permissions);
    return await use(await remoteAccess(options, holder, repository, permissions));
  }
}

/**
 * Protocol and credential for one command. The token travels in the environment of that one process, as a header
 * for the clone URL's origin: not in argv (readable by everyone in /proc), a file or a repository's config, and by
 * git's own matching to no other host. Throws `config-invalid` for a URL that may not be used.
 */
async function remoteAccess(
  options: RemoteAccessOptions,
  holder: AccessHolder,
  repository: RepositoryRef,
  permissions: TokenPermissions,
): Promise<RemoteAccess> {
  const url = checkedUrl(repository.cloneUrl, options.localMode);
  const protocol = url.protocol.slice(0, -1);
  const base = { url: url.href, config: [`protocol.${protocol}.allow=always`] };
  const allowed = { GIT_ALLOW_PROTOCOL: protocol };
  if (options.tokens === null || protocol === 'file') return { ...base, env: allowed, secrets: [] };
  const token = (await options.tokens.token(addressOf(holder, repository), permissions)).reveal();
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return {
    ...base,
    env: {
      ...allowed,
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `http.${url.origin}/.extraHeader`,
      GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
    },
    secrets: [token, basic],
  };
}

function addressOf({ id, installationId }: AccessHolder, repository: RepositoryRef): RepositoryAddress {
  const { id: repositoryId, owner, name } = repository;
  return { installationId, repositoryId, owner, name, ...(id === undefined ? {} : { runId: id }) };
}

function checkedUrl(cloneUrl: string, localMode: boolean): URL {
  const url = URL.parse(cloneUrl);
  if (url === null || url.username !== '' || url.password !== '' || !mayUse(url, localMode)) {
    const shown = url === null ? 'a text that is no URL' : `${url.protocol}//${url.host}`;
    throw new AppError(
      'config-invalid',
      `the clone URL (${shown}) may not be used: https only, http on loopback`,
    );
  }
  return url;
}

function mayUse(url: URL, localMode: boolean): boolean {
  switch (url.protocol) {
    case 'https:':
      return true;
    case 'http:':
      return (
        url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(url.hostname)
      );
    case 'file:':
      return localMode && url.host === '';
    default:
      return false;
  }
}
