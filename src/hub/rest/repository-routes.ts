import { z } from 'zod';
import { createRepository } from '../actions/repository-actions.ts';
import { grants } from '../auth/access.ts';
import { readCommit } from '../git/commit-reader.ts';
import { branchSha } from '../git/repository-store.ts';
import { ApiError, notAccessible, notFound } from '../http/api-error.ts';
import { paginate } from '../http/paginate.ts';
import { parseBody } from '../http/parse-body.ts';
import { ok, type RepositoryCall, type Route, read, repositoryRoute } from '../http/route.ts';
import { commitShape } from '../shapes/commit-shape.ts';
import { repositoryDetails } from '../shapes/repository-shape.ts';
import { roleOf } from '../state/hub-state.ts';
import { permissionFlags } from './account-routes.ts';
import { requireUser } from './issue-lookup.ts';

const forkBody = z.object({ name: z.string().optional() });

/** Repositories, their branches and small lists about them. */
export const repositoryRoutes: readonly Route[] = [
  repositoryRoute('GET', '', read('metadata'), (call) => ok(details(call))),
  repositoryRoute('POST', '/forks', { ...read('metadata'), archivedToo: true }, async (call) => {
    if (call.caller.kind !== 'user') throw notAccessible();
    const { name } = parseBody(forkBody, call.body, 'Repository');
    const owner = requireUser(call);
    const fork = await createRepository(call.hub, {
      owner,
      name: name ?? call.repository.name,
      private: call.repository.private,
      parent: call.repository,
    });
    return { status: 202, body: details({ ...call, repository: fork }) };
  }),
  repositoryRoute('GET', '/branches', read('contents'), (call) => {
    const branches = [...call.repository.refs].filter(([ref]) => ref.startsWith('refs/heads/'));
    return paginate(call, branches, (page) =>
      page.map(([ref, sha]) => ({
        name: ref.slice('refs/heads/'.length),
        commit: { sha, url: `${call.hub.urls.repositoryApi(call.repository)}/commits/${sha}` },
        protected: call.repository.protectedBranches.has(ref.slice('refs/heads/'.length)),
      })),
    );
  }),
  repositoryRoute('GET', '/branches/*branch', read('contents'), branchOrProtection),
  repositoryRoute('GET', '/rules/branches/*branch', read('metadata'), branchRules),
  repositoryRoute('GET', '/languages', read('metadata'), () => ok({})),
  repositoryRoute('GET', '/topics', read('metadata'), () => ok({ names: [] })),
];

/** What rulesets ask of a branch, also of one that does not exist yet. */
function branchRules(call: RepositoryCall) {
  const contexts = call.repository.ruledBranches.get(call.params['branch'] ?? '') ?? [];
  const rule = {
    type: 'required_status_checks',
    parameters: {
      strict_required_status_checks_policy: false,
      do_not_enforce_on_create: false,
      required_status_checks: contexts.map((context) => ({ context })),
    },
    ruleset_source_type: 'Repository',
    ruleset_source: `${call.repository.owner.login}/${call.repository.name}`,
    ruleset_id: 1,
  };
  return paginate(call, contexts.length > 0 ? [rule] : [], (page) => page);
}

function details(call: RepositoryCall) {
  const { caller, repository, hub } = call;
  if (caller.kind === 'user')
    return repositoryDetails(hub.urls, repository, permissionFlags(repository, caller.user));
  const push = caller.kind === 'installation' && grants(caller.token.permissions, 'contents', 'write');
  return repositoryDetails(hub.urls, repository, {
    admin: false,
    maintain: false,
    push,
    triage: push,
    pull: true,
  });
}

function branchOrProtection(call: RepositoryCall) {
  const name = call.params['branch'] ?? '';
  const asked = name.endsWith('/protection') ? name.slice(0, -'/protection'.length) : undefined;
  return asked !== undefined && branchSha(call.repository, name) === undefined
    ? protection(call, asked)
    : branch(call, name);
}

/** Reading a protection needs administration rights, which the bot never has. */
function protection(call: RepositoryCall, name: string) {
  if (call.caller.kind === 'installation' && !grants(call.caller.token.permissions, 'administration', 'read'))
    throw notAccessible();
  if (call.caller.kind !== 'installation' && roleOf(call.repository, requireUser(call)) !== 'admin')
    throw notFound();
  const found = call.repository.protectedBranches.get(name);
  if (!found) throw new ApiError(404, 'Branch not protected');
  return ok({
    url: `${call.hub.urls.repositoryApi(call.repository)}/branches/${name}/protection`,
    ...requiredChecks(call, name),
    enforce_admins: {
      url: `${call.hub.urls.repositoryApi(call.repository)}/branches/${name}/protection/enforce_admins`,
      enabled: true,
    },
  });
}

async function branch(call: RepositoryCall, name: string) {
  const sha = branchSha(call.repository, name);
  const commit = sha && (await readCommit(call.repository.gitDir, sha));
  if (!commit) throw new ApiError(404, 'Branch not found');
  const api = `${call.hub.urls.repositoryApi(call.repository)}/branches/${name}`;
  const isProtected = call.repository.protectedBranches.has(name);
  return ok({
    name,
    commit: commitShape({ ...call.hub, repository: call.repository }, commit),
    _links: { self: api, html: `${call.hub.urls.repositoryHtml(call.repository)}/tree/${name}` },
    protected: isProtected,
    protection: { enabled: isProtected, ...requiredChecks(call, name) },
    protection_url: `${api}/protection`,
  });
}

function requiredChecks(call: RepositoryCall, name: string) {
  const contexts = call.repository.protectedBranches.get(name)?.requiredChecks ?? [];
  return {
    required_status_checks: {
      enforcement_level: contexts.length > 0 ? 'non_admins' : 'off',
      contexts,
      checks: contexts.map((context) => ({ context, app_id: null })),
    },
  };
}
