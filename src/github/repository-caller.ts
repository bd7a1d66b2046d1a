import type { Octokit } from '@octokit/rest';
import type { Clock } from '../domain/clock.ts';
import type { RepositoryAddress, TokenPermissions, TokenSource } from '../domain/forge.ts';
import type { OctokitFactory } from './octokit-factory.ts';
import { statusOf, toAppError } from './to-app-error.ts';

/** One call to GitHub: for which repository, and with which rights. */
export interface RepositoryCall {
  readonly at: RepositoryAddress;
  readonly permissions: TokenPermissions;
}

/** Makes calls with a one-repository token and throws our own errors. */
export interface RepositoryCaller {
  /**
   * Runs `send` with a client that holds the token. Answered 401 the token is minted again once, for writes too: a
   * request that was not let in changed nothing.
   */
  call<T>(call: RepositoryCall, send: (octokit: Octokit) => Promise<T>): Promise<T>;
  /** The same, with `undefined` for what GitHub does not know or does not show. */
  find<T>(call: RepositoryCall, send: (octokit: Octokit) => Promise<T>): Promise<T | undefined>;
}

/** See `RepositoryCaller`. */
export function createRepositoryCaller(options: {
  readonly octokits: OctokitFactory;
  readonly tokens: TokenSource;
  readonly clock: Clock;
  /** What its calls do: reads wait for a pause that GitHub asked for, writes are told of it. */
  readonly access: 'read' | 'write';
}): RepositoryCaller {
  const { octokits, tokens, clock, access } = options;
  const attempt = async <T>({ at, permissions }: RepositoryCall, send: (octokit: Octokit) => Promise<T>) => {
    const use = { installationId: at.installationId, access };
    await octokits.ready(use);
    const token = await tokens.token(at, permissions);
    return send(octokits.withToken(token.reveal(), use));
  };
  const call: RepositoryCaller['call'] = async (request, send) => {
    try {
      return await attempt(request, send).catch((error: unknown) => {
        if (statusOf(error) !== 401) throw error;
        tokens.forget(request.at, request.permissions);
        return attempt(request, send);
      });
    } catch (error) {
      throw toAppError(error, clock.now());
    }
  };
  return {
    call,
    async find(request, send) {
      try {
        return await call(request, send);
      } catch (error) {
        const known = toAppError(error, clock.now());
        if (known.code === 'github-not-found') return undefined;
        throw known;
      }
    },
  };
}
