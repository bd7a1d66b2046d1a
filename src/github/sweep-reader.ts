import type { Octokit } from '@octokit/rest';
import type { RepositoryAddress } from '../domain/forge.ts';
import type { SweepReader, SweptComment, SweptIssue, SweptPull } from '../domain/sweep-reader.ts';
import { toActor } from './forge-shapes.ts';
import type { RepositoryCall, RepositoryCaller } from './repository-caller.ts';

const pagesMax = 10;

/** See `SweepReader`. REST objects have the form of those in payloads, so they can stand for one. */
export function createSweepReader(caller: RepositoryCaller): SweepReader {
  return {
    repository: (at) =>
      caller.find(reading(at), async ({ rest }) => (await rest.repos.get(nameOf(at))).data as unknown),
    labelled: (at, label) => caller.call(reading(at), (octokit) => readLabelled(octokit, at, label)),
    openPulls: (at) => caller.call(reading(at), (octokit) => readOpenPulls(octokit, at)),
    issue: (at, number) =>
      caller.find(reading(at), async ({ rest }) =>
        toSweptIssue((await rest.issues.get({ ...nameOf(at), issue_number: number })).data),
      ),
    commentsSince: (at, since) => caller.call(reading(at), (octokit) => readComments(octokit, at, since)),
    lastEdit: (at, issue) => caller.call(reading(at), (octokit) => readLastEdit(octokit, at, issue)),
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

async function readLabelled(
  octokit: Octokit,
  at: RepositoryAddress,
  label: string,
): Promise<readonly SweptIssue[]> {
  const parameters = { ...nameOf(at), labels: label, state: 'open', per_page: 100 } as const;
  const issues = await octokit.paginate(octokit.rest.issues.listForRepo, parameters, atMost());
  return issues.map(toSweptIssue);
}

async function readOpenPulls(octokit: Octokit, at: RepositoryAddress): Promise<readonly SweptPull[]> {
  const parameters = { ...nameOf(at), state: 'open', per_page: 100 } as const;
  const pulls = await octokit.paginate(octokit.rest.pulls.list, parameters, atMost());
  return pulls.map(({ number, user, base, head }) => ({
    number,
    author: toActor(user),
    base: base.ref,
    headSha: head.sha,
  }));
}

/** A comment moves its issue's `updated_at`: only the issues that changed are asked for theirs. */
async function readComments(
  octokit: Octokit,
  at: RepositoryAddress,
  since: Date,
): Promise<readonly SweptComment[]> {
  const changed = { ...nameOf(at), state: 'all', since: since.toISOString(), per_page: 100 } as const;
  const issues = await octokit.paginate(octokit.rest.issues.listForRepo, changed, atMost());
  const found: SweptComment[] = [];
  for (const { number, comments } of issues) {
    if (comments > 0) found.push(...(await readCommentsOf(octokit, at, { number, since })));
  }
  return found.sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
}

async function readCommentsOf(
  octokit: Octokit,
  at: RepositoryAddress,
  issue: { readonly number: number; readonly since: Date },
): Promise<readonly SweptComment[]> {
  const parameters = {
    ...nameOf(at),
    issue_number: issue.number,
    since: issue.since.toISOString(),
    per_page: 100,
  };
  const comments = await octokit.paginate(octokit.rest.issues.listComments, parameters, atMost());
  return comments.map((comment) => ({
    id: comment.id,
    issue: issue.number,
    body: comment.body ?? '',
    author: toActor(comment.user),
    createdAt: new Date(comment.created_at),
    edited: comment.updated_at !== comment.created_at,
    raw: comment,
  }));
}

interface EditAnswer {
  readonly repository: {
    readonly thread: { readonly lastEditedAt: string | null } | null;
  } | null;
}

const editQueries = {
  issue: `query lastEdit($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { thread: issue(number: $number) { lastEditedAt } }
}`,
  pull: `query lastEdit($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { thread: pullRequest(number: $number) { lastEditedAt } }
}`,
} as const;

/** The body's last edit is known to GraphQL only; a title's change is an event of the issue. */
async function readLastEdit(
  octokit: Octokit,
  at: RepositoryAddress,
  { number, isPullRequest }: SweptIssue,
): Promise<Date | null> {
  const query = isPullRequest ? editQueries.pull : editQueries.issue;
  const answer = await octokit.graphql<EditAnswer>(query, { owner: at.owner, name: at.name, number });
  const edited = answer.repository?.thread?.lastEditedAt;
  const parameters = { ...nameOf(at), issue_number: number, per_page: 100 };
  const events = await octokit.paginate(octokit.rest.issues.listEventsForTimeline, parameters);
  const renamed = events.flatMap((entry) =>
    entry.event === 'renamed' && 'created_at' in entry && entry.created_at ? [entry.created_at] : [],
  );
  const times = [...(edited === undefined || edited === null ? [] : [edited]), ...renamed].map((time) =>
    new Date(time).getTime(),
  );
  return times.length === 0 ? null : new Date(Math.max(...times));
}

/** What of an issue tells a sweep whether to look closer. */
interface GithubIssue {
  readonly number: number;
  readonly updated_at: string;
  readonly labels: readonly (string | { readonly name?: string | undefined })[];
  readonly pull_request?: unknown;
}

function toSweptIssue(issue: GithubIssue): SweptIssue {
  return {
    number: issue.number,
    isPullRequest: issue.pull_request !== undefined && issue.pull_request !== null,
    labels: issue.labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))),
    updatedAt: new Date(issue.updated_at),
    raw: issue,
  };
}

function atMost<T>(): (response: { readonly data: T }, done: () => void) => T {
  let pages = 0;
  return ({ data }, done) => {
    pages += 1;
    if (pages >= pagesMax) done();
    return data;
  };
}
