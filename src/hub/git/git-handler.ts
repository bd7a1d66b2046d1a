import type { IncomingMessage, ServerResponse } from 'node:http';
import { canSee, grants, tokenCovers } from '../auth/access.ts';
import { authenticate } from '../auth/authenticate.ts';
import type { Caller } from '../auth/caller.ts';
import { ApiError } from '../http/api-error.ts';
import type { HubContext } from '../hub-context.ts';
import { atLeast, roleOf } from '../state/hub-state.ts';
import type { Repository, User } from '../state/model.ts';
import { serveGit } from './http-backend.ts';
import { policyEnvironment } from './pre-receive-hook.ts';
import { applyRefChanges } from './ref-changes.ts';

const gitPath =
  /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/(?:info\/refs|git-upload-pack|git-receive-pack|HEAD|objects\/.+))$/;

/** Whether a path is git's and not a page's. */
export function isGitPath(path: string): boolean {
  return gitPath.test(path) && !path.startsWith('/api/');
}

/** Answers a clone, fetch or push; a push ends with its events sent, before the client sees the end. */
export async function handleGit(
  hub: HubContext,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const [, owner = '', name = '', rest = ''] = gitPath.exec(url.pathname) ?? [];
  const writes = rest === '/git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack';
  const allowed = decide(hub, { authorization: request.headers.authorization, owner, name, writes });
  hub.log(`git ${request.method} ${url.pathname}${url.search} ${'status' in allowed ? allowed.status : 200}`);
  if ('status' in allowed) {
    if (allowed.status === 401) response.setHeader('www-authenticate', 'Basic realm="GitHub"');
    response
      .writeHead(allowed.status, { 'content-type': 'text/plain; charset=utf-8' })
      .end(`${allowed.message}\n`);
    return;
  }
  const { repository, user, caller } = allowed;
  const serve = (beforeEnd: () => Promise<void>) =>
    serveGit(request, response, {
      root: hub.store.directory,
      pathInfo: `/${repository.owner.login}/${repository.name}.git${rest}`,
      query: url.search.slice(1),
      user: user?.login ?? '',
      env: pushEnvironment(caller, repository),
      beforeEnd,
    });
  if (rest !== '/git-receive-pack' || !user) return serve(async () => undefined);
  await hub.store.exclusively(repository, async () => {
    const before = repository.refs;
    await serve(async () => {
      await hub.store.refresh(repository);
      await applyRefChanges(hub, repository, before, { user });
      hub.state.changed();
    });
  });
}

interface Allowed {
  readonly repository: Repository;
  readonly user: User | undefined;
  readonly caller: Caller;
}

interface Refused {
  readonly status: number;
  readonly message: string;
}

function decide(
  hub: HubContext,
  ask: { authorization: string | undefined; owner: string; name: string; writes: boolean },
): Allowed | Refused {
  const caller = callerOrUndefined(hub, ask.authorization);
  if (!caller || caller.kind === 'app')
    return {
      status: 401,
      message: 'Invalid username or token. Password authentication is not supported for Git operations.',
    };
  const repository = hub.state.repository(ask.owner, ask.name);
  if (!repository || !canSee(caller, repository))
    return caller.kind === 'anonymous'
      ? { status: 401, message: 'Authentication required.' }
      : { status: 404, message: 'Repository not found.' };
  if (caller.kind === 'anonymous')
    return ask.writes
      ? { status: 401, message: 'Authentication required.' }
      : { repository, user: undefined, caller };
  if (ask.writes && repository.archived)
    return { status: 403, message: 'ERROR: This repository was archived so it is read-only.' };
  if (!mayUse(caller, repository, ask.writes))
    return {
      status: 403,
      message: `Permission to ${repository.owner.login}/${repository.name}.git denied to ${caller.user.login}.`,
    };
  return { repository, user: caller.user, caller };
}

function mayUse(
  caller: Exclude<Caller, { kind: 'anonymous' | 'app' }>,
  repository: Repository,
  writes: boolean,
): boolean {
  if (caller.kind === 'installation') caller.token.uses.add(repository.id);
  if (caller.kind === 'user') return atLeast(roleOf(repository, caller.user), writes ? 'write' : 'read');
  if (!writes && !repository.private) return true;
  return (
    tokenCovers(caller.token, repository) &&
    grants(caller.token.permissions, 'contents', writes ? 'write' : 'read')
  );
}

function pushEnvironment(caller: Caller, repository: Repository): Readonly<Record<string, string>> {
  const isApp = caller.kind === 'installation';
  return policyEnvironment({
    isApp,
    mayChangeWorkflows: !isApp || grants(caller.token.permissions, 'workflows', 'write'),
    protectedBranches: [...repository.protectedBranches.keys()],
    defaultBranch: repository.defaultBranch,
  });
}

function callerOrUndefined(hub: HubContext, authorization: string | undefined): Caller | undefined {
  try {
    return authenticate(hub.state, authorization);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
