import { AppError } from '../domain/app-error.ts';
import type { Clock } from '../domain/clock.ts';
import { betweenCrashPoints } from '../domain/crash-point.ts';
import type { RepositoryAddress, SecretToken, TokenPermissions, TokenSource } from '../domain/forge.ts';
import type { OctokitFactory } from './octokit-factory.ts';
import { OpaqueToken } from './secret-token.ts';
import { statusOf, toAppError } from './to-app-error.ts';

/** GitHub's tokens live for an hour; a command that starts with one of 50 minutes still has ten. */
const ageMaxMs = 50 * 60_000;
const permissionsMax = 4;

interface Minted {
  readonly at: RepositoryAddress;
  readonly token: Promise<SecretToken>;
  readonly usableUntilMs: number;
}

/** Tokens for exactly one repository id and at most four permissions, held in memory only. */
export function createTokenSource(octokits: OctokitFactory, clock: Clock): TokenSource {
  const held = new Map<string, Minted>();
  const usable = (minted: Minted): boolean => clock.monotonicMs() < minted.usableUntilMs;
  return {
    token(at, permissions) {
      const key = keyOf(at, permissions);
      const minted = held.get(key);
      if (minted && usable(minted)) return minted.token;
      const token = betweenCrashPoints('token.mint', () => mint(octokits, clock, { at, permissions }));
      const next: Minted = { at, token, usableUntilMs: clock.monotonicMs() + ageMaxMs };
      held.set(key, next);
      token.catch(() => held.get(key) === next && held.delete(key));
      return token;
    },
    forget(at, permissions) {
      held.delete(keyOf(at, permissions));
    },
    release(runId) {
      const own = [...held].filter(([, { at }]) => at.runId === runId);
      for (const [key] of own) held.delete(key);
      return own.map(
        ([, minted]) =>
          () =>
            revokeOne(octokits, clock, minted),
      );
    },
  };
}

function keyOf(at: RepositoryAddress, permissions: TokenPermissions): string {
  const words = Object.entries(permissions).map(([name, access]) => `${name}=${access}`);
  return `${at.runId ?? ''}/${at.installationId}/${at.repositoryId}/${words.sort().join(',')}`;
}

async function mint(
  octokits: OctokitFactory,
  clock: Clock,
  { at, permissions }: { readonly at: RepositoryAddress; readonly permissions: TokenPermissions },
): Promise<SecretToken> {
  const count = Object.keys(permissions).length;
  if (count === 0 || count > permissionsMax) {
    throw new AppError('internal', `A token needs 1 to ${permissionsMax} permissions, not ${count}`);
  }
  try {
    const { data } = await octokits.asApp.rest.apps.createInstallationAccessToken({
      installation_id: at.installationId,
      repository_ids: [at.repositoryId],
      permissions,
    });
    return new OpaqueToken(data.token, new Date(data.expires_at));
  } catch (error) {
    throw toAppError(error, clock.now());
  }
}

async function revokeOne(octokits: OctokitFactory, clock: Clock, minted: Minted): Promise<void> {
  try {
    const token = await minted.token;
    await octokits.withToken(token.reveal()).rest.apps.revokeInstallationAccessToken();
  } catch (error) {
    if (statusOf(error) !== 401) throw toAppError(error, clock.now());
  }
}
