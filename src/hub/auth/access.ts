import { ApiError, notAccessible, notFound } from '../http/api-error.ts';
import type { Need } from '../http/route.ts';
import { atLeast, roleOf } from '../state/hub-state.ts';
import type { InstallationToken, Permissions, Repository, RoleName } from '../state/model.ts';
import type { Caller } from './caller.ts';

/** Throws what GitHub answers when this caller may not do this to this repository. */
export function requireAccess(caller: Caller, repository: Repository, need: Need): void {
  if (caller.kind === 'installation') caller.token.uses.add(repository.id);
  if (!canSee(caller, repository)) throw notFound();
  switch (caller.kind) {
    case 'anonymous':
      if (need.level === 'write') throw new ApiError(401, 'Requires authentication');
      break;
    case 'app':
      throw new ApiError(401, 'A JSON web token could not be decoded');
    case 'user':
      requireRole(roleOf(repository, caller.user), need);
      break;
    case 'installation':
      requirePermission(caller.token, repository, need);
      break;
  }
  if (need.level === 'write' && repository.archived && !need.archivedToo)
    throw new ApiError(403, 'Repository was archived so is read-only.');
}

/** Whether the repository exists as far as the caller can tell. */
export function canSee(caller: Caller, repository: Repository): boolean {
  if (!repository.private) return true;
  if (caller.kind === 'user') return roleOf(repository, caller.user) !== null;
  return caller.kind === 'installation' && tokenCovers(caller.token, repository);
}

/** Whether the token reaches that repository: the installation's choice, narrowed by the token's own. */
export function tokenCovers(token: InstallationToken, repository: Repository): boolean {
  const { account, repositories } = token.installation;
  if (account.id !== repository.owner.id) return false;
  if (repositories !== 'all' && !repositories.has(repository.id)) return false;
  return token.repositoryIds === null || token.repositoryIds.has(repository.id);
}

/** Whether the granted permissions include this one at this level. */
export function grants(permissions: Permissions, name: string, level: 'read' | 'write'): boolean {
  const granted = name === 'metadata' ? 'read' : permissions[name];
  if (granted === undefined) return false;
  return level === 'read' || granted === 'write' || granted === 'admin';
}

function requirePermission(token: InstallationToken, repository: Repository, need: Need): void {
  // A public repository can be read by any token, as by anyone.
  if (need.level === 'read' && !repository.private && !tokenCovers(token, repository)) return;
  if (!tokenCovers(token, repository)) throw notAccessible();
  if (!need.permissions.some((name) => grants(token.permissions, name, need.level))) throw notAccessible();
}

function requireRole(role: RoleName | null, need: Need): void {
  if (!atLeast(role, need.role))
    throw new ApiError(403, `Must have ${need.role === 'admin' ? 'admin' : need.role} rights to Repository.`);
}
