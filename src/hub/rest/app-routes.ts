import { z } from 'zod';
import { grants, tokenCovers } from '../auth/access.ts';
import { createTokenText } from '../auth/create-token.ts';
import { ApiError, invalid, notFound } from '../http/api-error.ts';
import { paginate } from '../http/paginate.ts';
import { parseBody } from '../http/parse-body.ts';
import { type Call, created, noContent, ok, type Route } from '../http/route.ts';
import { appShape, installationShape, tokenShape } from '../shapes/app-shape.ts';
import { fullRepository } from '../shapes/repository-shape.ts';
import type { App, Installation, InstallationToken, Permissions, Repository } from '../state/model.ts';

const tokenLifeMs = 3_600_000;
const repositoriesMax = 500;

const tokenSchema = z.object({
  repository_ids: z.array(z.number().int()).max(repositoriesMax).optional(),
  repositories: z.array(z.string()).max(repositoriesMax).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])).optional(),
});

/** What an App does as itself (JWT), and what an installation token tells about itself. */
export const appRoutes: readonly Route[] = [
  { method: 'GET', path: '/app', handle: (call) => ok(appShape(call.hub.urls, requireApp(call))) },
  {
    method: 'GET',
    path: '/apps/:slug',
    handle: (call) => {
      const app = [...call.hub.state.apps.values()].find((one) => one.slug === call.params['slug']);
      if (!app) throw notFound();
      return ok(appShape(call.hub.urls, app));
    },
  },
  {
    method: 'GET',
    path: '/app/installations',
    handle: (call) => {
      const app = requireApp(call);
      const mine = [...call.hub.state.installations.values()].filter((one) => one.app === app);
      return paginate(call, mine, (page) => page.map((one) => installationShape(call.hub.urls, one)));
    },
  },
  {
    method: 'GET',
    path: '/app/installations/:id',
    handle: (call) => ok(installationShape(call.hub.urls, requireInstallation(call))),
  },
  { method: 'POST', path: '/app/installations/:id/access_tokens', handle: createToken },
  {
    method: 'GET',
    path: '/repos/:owner/:repo/installation',
    handle: (call) => {
      const app = requireApp(call);
      const repository = call.hub.state.repository(call.params['owner'] ?? '', call.params['repo'] ?? '');
      const found =
        repository &&
        call.hub.state.installationsOn(repository).find((installation) => installation.app === app);
      if (!found) throw notFound();
      return ok(installationShape(call.hub.urls, found));
    },
  },
  {
    method: 'DELETE',
    path: '/installation/token',
    handle: (call) => {
      call.hub.state.tokens.delete(requireToken(call).token);
      return noContent();
    },
  },
  {
    method: 'GET',
    path: '/installation/repositories',
    handle: (call) => {
      const token = requireToken(call);
      const reachable = call.hub.state
        .repositoriesOf(token.installation)
        .filter((repository) => tokenCovers(token, repository));
      return paginate(call, reachable, (page) => ({
        total_count: reachable.length,
        repositories: page.map((repository) => fullRepository(call.hub.urls, repository)),
      }));
    },
  },
];

/** The App that signed the request's JWT; 401 for every other caller. */
export function requireApp(call: Call): App {
  if (call.caller.kind !== 'app') throw new ApiError(401, 'A JSON web token could not be decoded');
  return call.caller.app;
}

function requireToken(call: Call): InstallationToken {
  if (call.caller.kind === 'anonymous') throw new ApiError(401, 'Requires authentication');
  if (call.caller.kind !== 'installation')
    throw new ApiError(
      403,
      'You must authenticate with an installation access token in order to use this endpoint.',
    );
  return call.caller.token;
}

function requireInstallation(call: Call): Installation {
  const app = requireApp(call);
  const installation = call.hub.state.installations.get(Number(call.params['id']));
  if (!installation || installation.app !== app) throw notFound();
  return installation;
}

function createToken(call: Call) {
  const installation = requireInstallation(call);
  const wanted = parseBody(tokenSchema, call.body, 'InstallationToken');
  const repositories = wantedRepositories(call, installation, wanted);
  const permissions = wantedPermissions(installation.app.permissions, wanted.permissions);
  const token: InstallationToken = {
    token: createTokenText(installation.app.id),
    installation,
    repositoryIds: repositories ? new Set(repositories.map((one) => one.id)) : null,
    permissions,
    expiresAt: new Date(Date.now() + tokenLifeMs),
    uses: new Set(),
  };
  call.hub.state.tokens.set(token.token, token);
  call.hub.state.tokenLog.push(token);
  return created(tokenShape(call.hub.urls, token, repositories ?? []));
}

function wantedRepositories(
  call: Call,
  installation: Installation,
  wanted: z.infer<typeof tokenSchema>,
): readonly Repository[] | undefined {
  if (!wanted.repository_ids && !wanted.repositories) return undefined;
  const reachable = call.hub.state.repositoriesOf(installation);
  const pick = (matches: (repository: Repository) => boolean): Repository => {
    const found = reachable.find(matches);
    if (found) return found;
    throw new ApiError(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  };
  return [
    ...(wanted.repository_ids ?? []).map((id) => pick((one) => one.id === id)),
    ...(wanted.repositories ?? []).map((name) =>
      pick((one) => one.name.toLowerCase() === name.toLowerCase()),
    ),
  ];
}

function wantedPermissions(granted: Permissions, wanted: Permissions | undefined): Permissions {
  if (!wanted) return { metadata: 'read', ...granted };
  for (const [name, level] of Object.entries(wanted)) {
    if (name === 'metadata' && level === 'read') continue;
    if (level === 'admin' ? granted[name] !== 'admin' : !grants(granted, name, level))
      throw new ApiError(422, 'The permissions requested are not granted to this installation.');
  }
  if (Object.keys(wanted).length === 0) throw invalid('InstallationToken', 'permissions');
  return { ...wanted, metadata: 'read' };
}
