import type { Octokit } from '@octokit/rest';
import { isAppError } from '../domain/app-error.ts';
import type { CheckReader, CheckResult, CheckSource, CheckWords } from '../domain/checks.ts';
import type { RepositoryAddress, TokenPermissions } from '../domain/forge.ts';
import { toRunResult, toStatusResult, toWorkflowResult } from './check-results.ts';
import { readLogEnd } from './read-log-end.ts';
import type { RepositoryCall, RepositoryCaller } from './repository-caller.ts';

const pagesMax = 10;
const annotationsShown = 20;

/** What others report, by a token of its own: one that reads checks reads nothing else. */
export function createCheckReader(caller: RepositoryCaller): CheckReader {
  return {
    async results(at, sha, sources) {
      const found = await Promise.all([
        sources.includes('checks') ? readRuns(caller, reading(at, sources), sha) : [],
        sources.includes('statuses') ? readStatuses(caller, reading(at, sources), sha) : [],
        sources.includes('actions') ? readWorkflows(caller, reading(at, sources), { sha, sources }) : [],
      ]);
      return found.flat().toSorted((one, other) => one.id - other.id);
    },
    required: (at, branch) => readRequired(caller, at, branch),
    async runsOnPulls(at) {
      const runs = await glimpse(caller, reading(at, ['actions']), ({ rest }) =>
        rest.actions.listWorkflowRunsForRepo({ ...nameOf(at), event: 'pull_request', per_page: 1 }),
      );
      return (runs?.data.total_count ?? 0) > 0;
    },
    words: (at, check, sources) => readWords(caller, reading(at, sources), check),
  };
}

function reading(at: RepositoryAddress, sources: readonly CheckSource[]): RepositoryCall {
  const permissions: TokenPermissions = Object.fromEntries(
    ['metadata', ...sources].map((name) => [name, 'read' as const]),
  );
  return { at, permissions };
}

function nameOf(at: RepositoryAddress): { readonly owner: string; readonly repo: string } {
  return { owner: at.owner, repo: at.name };
}

/** Stops a walk over pages after so many. */
function pages<T>(): (answer: { readonly data: T }, done: () => void) => T {
  let seen = 0;
  return ({ data }, done) => {
    seen += 1;
    if (seen >= pagesMax) done();
    return data;
  };
}

/** Also those that a newer one of the same suite has replaced: they are the proof of a flaky check. */
async function readRuns(
  caller: RepositoryCaller,
  call: RepositoryCall,
  sha: string,
): Promise<readonly CheckResult[]> {
  return await caller.call(call, async (octokit) => {
    const parameters = { ...nameOf(call.at), ref: sha, filter: 'all', per_page: 100 } as const;
    const runs = await octokit.paginate(octokit.rest.checks.listForRef, parameters, pages());
    return runs.map(toRunResult);
  });
}

async function readStatuses(
  caller: RepositoryCaller,
  call: RepositoryCall,
  sha: string,
): Promise<readonly CheckResult[]> {
  return await caller.call(call, async (octokit) => {
    const parameters = { ...nameOf(call.at), ref: sha, per_page: 100 };
    const statuses = await octokit.paginate(octokit.rest.repos.listCommitStatusesForRef, parameters, pages());
    return statuses.map(toStatusResult);
  });
}

/**
 * What helps and is no condition: a server without Actions answers 404; rulesets of a private repository on a free plan
 * and logs that were deleted answer 403.
 */
async function glimpse<T>(
  caller: RepositoryCaller,
  call: RepositoryCall,
  send: (octokit: Octokit) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await caller.find(call, send);
  } catch (error) {
    if (isAppError(error, 'github-forbidden')) return undefined;
    throw error;
  }
}

async function readWorkflows(
  caller: RepositoryCaller,
  call: RepositoryCall,
  at: { readonly sha: string; readonly sources: readonly CheckSource[] },
): Promise<readonly CheckResult[]> {
  const runs = await glimpse(caller, call, async ({ rest }) => {
    const wanted = { ...nameOf(call.at), head_sha: at.sha, per_page: 100 };
    return (await rest.actions.listWorkflowRunsForRepo(wanted)).data.workflow_runs;
  });
  return (runs ?? []).map((run) => toWorkflowResult(run, !at.sources.includes('checks')));
}

/** Both can be read without administration rights: the branch itself tells what its protection demands. */
async function readRequired(
  caller: RepositoryCaller,
  at: RepositoryAddress,
  branch: string,
): Promise<readonly string[]> {
  // The token that a run reads its repository with.
  const permissions = { contents: 'read', issues: 'read', metadata: 'read', pull_requests: 'read' } as const;
  const call: RepositoryCall = { at, permissions };
  const rules = await glimpse(caller, call, async ({ rest }) => {
    const { data } = await rest.repos.getBranchRules({ ...nameOf(at), branch, per_page: 100 });
    return data.flatMap((rule) =>
      rule.type === 'required_status_checks' ? (rule.parameters?.required_status_checks ?? []) : [],
    );
  });
  const shown = await glimpse(caller, call, async ({ rest }) => {
    const { data } = await rest.repos.getBranch({ ...nameOf(at), branch });
    return data.protection.required_status_checks?.contexts ?? [];
  });
  return [...new Set([...(rules ?? []).map(({ context }) => context), ...(shown ?? [])])];
}

async function readWords(
  caller: RepositoryCaller,
  call: RepositoryCall,
  check: CheckResult,
): Promise<CheckWords> {
  if (check.kind !== 'run') return { title: check.note, text: '', log: '' };
  const own = await glimpse(caller, call, ({ rest }) =>
    rest.checks.get({ ...nameOf(call.at), check_run_id: check.id }),
  );
  const { title, summary, text } = own?.data.output ?? { title: null, summary: null, text: null };
  const notes = await glimpse(caller, call, ({ rest }) =>
    rest.checks.listAnnotations({
      ...nameOf(call.at),
      check_run_id: check.id,
      per_page: annotationsShown,
    }),
  );
  const lines = (notes?.data ?? []).map(
    ({ path, start_line: line, message }) => `${path}:${line}: ${message ?? ''}`,
  );
  return {
    title: title ?? check.note,
    text: [summary, text, ...lines].filter((part) => part).join('\n\n'),
    log: check.isJob && call.permissions.actions ? await readLog(caller, call, check.id) : '',
  };
}

/** GitHub names another address for a log; the token must not go there. */
async function readLog(caller: RepositoryCaller, call: RepositoryCall, jobId: number): Promise<string> {
  const answer = await glimpse(caller, call, (octokit) =>
    octokit.request('GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs', {
      ...nameOf(call.at),
      job_id: jobId,
      request: { redirect: 'manual' },
    }),
  );
  return await readLogEnd(answer?.headers.location ?? '');
}
