import type {
  ForgeAnnotation,
  ForgeCheck,
  ForgeReader,
  LabelEvent,
  RepositoryAddress,
} from '../domain/forge.ts';
import type { CommitId } from '../domain/ids.ts';
import type { Role } from '../domain/repository.ts';
import { toActor, toComment, toCommit, toIssue, toPull, toRepository } from './forge-shapes.ts';
import type { RepositoryCall, RepositoryCaller } from './repository-caller.ts';
import { createThreadReads } from './review-threads.ts';

/** GitHub's own limit of comments on one issue is 2,500. */
const pagesMax = 25;
const fileBytesMax = 1024 * 1024;

/** Reads by REST, and by GraphQL where REST has no answer. */
export function createForgeReader(caller: RepositoryCaller): ForgeReader {
  return {
    ...createSingleReads(caller),
    ...createListReads(caller),
    ...createThreadReads(caller),
    closingIssues: (at, pull) => readClosingIssues(caller, at, pull),
    file: (at, path, ref) => readFile(caller, at, { path, ref }),
    roleOf: (at, login, userId) => readRole(caller, at, { login, userId }),
  };
}

function reading(at: RepositoryAddress): RepositoryCall {
  return {
    at,
    permissions: { contents: 'read', issues: 'read', metadata: 'read', pull_requests: 'read' },
  };
}

function nameOf(at: RepositoryAddress): { readonly owner: string; readonly repo: string } {
  return { owner: at.owner, repo: at.name };
}

function createSingleReads(
  caller: RepositoryCaller,
): Pick<ForgeReader, 'repository' | 'issue' | 'pull' | 'commit' | 'commitPatch' | 'branchTip'> {
  return {
    repository: (at) =>
      caller.find(reading(at), async ({ rest }) => toRepository((await rest.repos.get(nameOf(at))).data)),
    issue: (at, number) =>
      caller.find(reading(at), async ({ rest }) =>
        toIssue((await rest.issues.get({ ...nameOf(at), issue_number: number })).data),
      ),
    pull: (at, number) =>
      caller.find(reading(at), async ({ rest }) =>
        toPull((await rest.pulls.get({ ...nameOf(at), pull_number: number })).data),
      ),
    branchTip: (at, branch) =>
      caller.find(reading(at), async ({ rest }) => {
        const { data } = await rest.git.getRef({ ...nameOf(at), ref: `heads/${branch}` });
        return data.object.sha as CommitId;
      }),
    commitPatch: (at, sha, path) =>
      caller.find(reading(at), async ({ rest }) => {
        const { data } = await rest.repos.getCommit({ ...nameOf(at), ref: sha, per_page: 100 });
        return data.files?.find(({ filename }) => filename === path)?.patch;
      }),
    commit: (at, sha) =>
      caller.find(reading(at), async ({ rest }) =>
        toCommit((await rest.git.getCommit({ ...nameOf(at), commit_sha: sha })).data),
      ),
  };
}

type ListReads = Pick<
  ForgeReader,
  | 'openPullByHead'
  | 'pullsByHead'
  | 'openPullsByBase'
  | 'paths'
  | 'comments'
  | 'reviews'
  | 'checks'
  | 'annotations'
  | 'openIssuesByLabel'
  | 'labelEvents'
>;

function createListReads(caller: RepositoryCaller): ListReads {
  return {
    openPullByHead: (at, branch) =>
      caller.call(reading(at), async ({ rest }) => {
        const { data } = await rest.pulls.list({
          ...nameOf(at),
          head: `${at.owner}:${branch}`,
          state: 'open',
        });
        const [pull] = data;
        return pull === undefined ? undefined : toPull(pull);
      }),
    pullsByHead: (at, branch) =>
      caller.call(reading(at), async ({ rest }) => {
        const wanted = { head: `${at.owner}:${branch}`, state: 'all', per_page: 100 } as const;
        return (await rest.pulls.list({ ...nameOf(at), ...wanted })).data.map(toPull);
      }),
    openPullsByBase: (at, base) =>
      caller.call(reading(at), async ({ rest }) => {
        const wanted = { base, state: 'open', per_page: 100 } as const;
        return (await rest.pulls.list({ ...nameOf(at), ...wanted })).data.map(toPull);
      }),
    paths: (at, ref) =>
      caller.call(reading(at), async ({ rest }) => {
        const { data } = await rest.git.getTree({ ...nameOf(at), tree_sha: ref, recursive: '1' });
        return data.tree.flatMap(({ type, path }) => (type === 'blob' && path !== undefined ? [path] : []));
      }),
    comments: (at, issue) => readComments(caller, at, issue),
    reviews: (at, pull) =>
      caller.call(reading(at), async (octokit) => {
        const parameters = { ...nameOf(at), pull_number: pull, per_page: 100 };
        return (await octokit.paginate(octokit.rest.pulls.listReviews, parameters)).map(toComment);
      }),
    checks: (at, sha, name) => readChecks(caller, at, { sha, name }),
    annotations: (at, checkId) => readAnnotations(caller, at, checkId),
    openIssuesByLabel: (at, label) =>
      caller.call(reading(at), async ({ rest }) => {
        const parameters = { ...nameOf(at), labels: label, state: 'open', per_page: 100 } as const;
        return (await rest.issues.listForRepo(parameters)).data.map(toIssue);
      }),
    labelEvents: (at, issue, label) => readLabelEvents(caller, at, { issue, label }),
  };
}

function readComments(
  caller: RepositoryCaller,
  at: RepositoryAddress,
  issue: number,
): ReturnType<ForgeReader['comments']> {
  return caller.call(reading(at), async (octokit) => {
    let pages = 0;
    const parameters = { ...nameOf(at), issue_number: issue, per_page: 100 };
    const comments = await octokit.paginate(
      octokit.rest.issues.listComments,
      parameters,
      ({ data }, done) => {
        pages += 1;
        if (pages >= pagesMax) done();
        return data;
      },
    );
    return comments.map(toComment);
  });
}

const readingChecks = (at: RepositoryAddress): RepositoryCall => ({
  at,
  permissions: { checks: 'read', metadata: 'read' },
});

function readAnnotations(
  caller: RepositoryCaller,
  at: RepositoryAddress,
  checkId: number,
): Promise<readonly ForgeAnnotation[]> {
  return caller.call(readingChecks(at), async (octokit) => {
    const parameters = { ...nameOf(at), check_run_id: checkId, per_page: 100 };
    const annotations = await octokit.paginate(octokit.rest.checks.listAnnotations, parameters);
    return annotations.map((one) => ({
      path: one.path,
      startLine: one.start_line,
      endLine: one.end_line,
      level: levelOf(one.annotation_level),
      message: one.message ?? '',
    }));
  });
}

function levelOf(level: string | null): ForgeAnnotation['level'] {
  return level === 'failure' || level === 'warning' ? level : 'notice';
}

function readChecks(
  caller: RepositoryCaller,
  at: RepositoryAddress,
  { sha, name }: { readonly sha: string; readonly name: string },
): Promise<readonly ForgeCheck[]> {
  return caller.call(readingChecks(at), async ({ rest }) => {
    const parameters = { ...nameOf(at), ref: sha, check_name: name, filter: 'all', per_page: 100 } as const;
    const { data } = await rest.checks.listForRef(parameters);
    return data.check_runs.map((check) => ({
      id: check.id,
      name: check.name,
      externalId: check.external_id ?? '',
      status: check.status,
      conclusion: check.conclusion,
    }));
  });
}

function readLabelEvents(
  caller: RepositoryCaller,
  at: RepositoryAddress,
  { issue, label }: { readonly issue: number; readonly label: string },
): Promise<readonly LabelEvent[]> {
  return caller.call(reading(at), async (octokit) => {
    const parameters = { ...nameOf(at), issue_number: issue, per_page: 100 };
    const events = await octokit.paginate(octokit.rest.issues.listEventsForTimeline, parameters);
    return events.flatMap((event) => {
      if (event.event !== 'labeled' || !('label' in event) || event.label.name !== label) return [];
      return [
        {
          id: event.id,
          actor: toActor(event.actor),
          at: new Date(event.created_at),
          appId: event.performed_via_github_app?.id ?? null,
        },
      ];
    });
  });
}

const roles: readonly string[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];

/**
 * By `role_name`: the field `permission` of the same answer maps maintain to write and triage to read.
 * https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
 */
async function readRole(
  caller: RepositoryCaller,
  at: RepositoryAddress,
  { login, userId }: { readonly login: string; readonly userId: number | undefined },
): Promise<Role> {
  const found = await caller.find(reading(at), async ({ rest }) => {
    const { data } = await rest.repos.getCollaboratorPermissionLevel({ ...nameOf(at), username: login });
    return { role: data.role_name, id: data.user?.id };
  });
  if (found === undefined) return 'none';
  if (userId !== undefined && found.id !== userId) return 'unknown';
  return roles.includes(found.role) ? (found.role as Role) : 'unknown';
}

interface ClosingIssuesAnswer {
  readonly repository: {
    readonly pullRequest: {
      readonly closingIssuesReferences: {
        readonly nodes: readonly {
          readonly number: number;
          readonly repository: { readonly databaseId: number };
        }[];
      };
    } | null;
  } | null;
}

const closingIssuesQuery = `query closingIssues($owner: String!, $name: String!, $pull: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $pull) {
      closingIssuesReferences(first: 20) { nodes { number repository { databaseId } } }
    }
  }
}`;

/** Issues of other repositories are left out: a run writes to its own repository only. */
function readClosingIssues(
  caller: RepositoryCaller,
  at: RepositoryAddress,
  pull: number,
): Promise<readonly number[]> {
  return caller.call(reading(at), async (octokit) => {
    const answer = await octokit.graphql<ClosingIssuesAnswer>(closingIssuesQuery, {
      owner: at.owner,
      name: at.name,
      pull,
    });
    const nodes = answer.repository?.pullRequest?.closingIssuesReferences.nodes ?? [];
    return nodes
      .filter(({ repository }) => repository.databaseId === at.repositoryId)
      .map(({ number }) => number);
  });
}

function readFile(
  caller: RepositoryCaller,
  at: RepositoryAddress,
  { path, ref }: { readonly path: string; readonly ref: string },
): Promise<string | undefined> {
  return caller.find(reading(at), async (octokit) => {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/contents/{+path}', {
      ...nameOf(at),
      // Octokit would turn the slashes into %2F, or with `+` leave a `?` of a file name as it is.
      path: path.split('/').map(encodeURIComponent).join('/'),
      ref,
      mediaType: { format: 'raw' },
    });
    const text = textOf(data);
    return text !== undefined && Buffer.byteLength(text) <= fileBytesMax ? text : undefined;
  });
}

/** A directory answers with a list even where raw was asked for. */
function textOf(data: unknown): string | undefined {
  if (typeof data === 'string') return data;
  return data instanceof ArrayBuffer ? new TextDecoder().decode(data) : undefined;
}
