import type { CheckResult, CheckState } from '../domain/checks.ts';

/** The part of a check run that we read. */
export interface GithubCheckRun {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly html_url: string | null;
  readonly output: { readonly title: string | null };
  readonly check_suite: { readonly id: number } | null;
  readonly app: { readonly id: number; readonly slug?: string | undefined } | null;
}

/** The part of a commit status that we read. */
export interface GithubStatus {
  readonly id: number;
  readonly state: string;
  readonly context: string;
  readonly description: string | null;
  readonly target_url: string | null;
}

/** The part of a workflow run that we read. */
export interface GithubWorkflowRun {
  readonly id: number;
  readonly name?: string | null | undefined;
  readonly path: string;
  readonly status: string | null;
  readonly conclusion: string | null;
  readonly html_url: string;
}

/** https://docs.github.com/en/rest/checks/runs: skipped and neutral ones satisfy a requirement too. */
const concluded: Readonly<Record<string, CheckState>> = {
  success: 'green',
  neutral: 'green',
  skipped: 'green',
  failure: 'red',
  timed_out: 'red',
};

function stateOf(status: string | null, conclusion: string | null): CheckState {
  if (status !== 'completed') return 'open';
  return concluded[conclusion ?? ''] ?? 'void';
}

/** Two workflows may have a job of one name at one commit; only runs of one suite replace each other. */
export function toRunResult(run: GithubCheckRun): CheckResult {
  return {
    kind: 'run',
    id: run.id,
    name: run.name,
    appId: run.app?.id ?? null,
    series: `run:${run.check_suite?.id ?? 0}:${run.name}`,
    state: stateOf(run.status, run.conclusion),
    conclusion: run.conclusion ?? run.status,
    url: run.html_url ?? '',
    note: run.output.title ?? '',
    isJob: run.app?.slug === 'github-actions',
  };
}

const statusStates: Readonly<Record<string, CheckState>> = {
  pending: 'open',
  success: 'green',
  failure: 'red',
  error: 'red',
};

export function toStatusResult(status: GithubStatus): CheckResult {
  return {
    kind: 'status',
    id: status.id,
    name: status.context,
    appId: null,
    series: `status:${status.context}`,
    state: statusStates[status.state] ?? 'void',
    conclusion: status.state,
    url: status.target_url ?? '',
    note: status.description ?? '',
    isJob: false,
  };
}

/**
 * A workflow run is what its jobs are, which are check runs; it tells besides them that more will come, and that none
 * came. `alone`: check runs may not be read, so it stands for its jobs.
 */
export function toWorkflowResult(run: GithubWorkflowRun, alone: boolean): CheckResult {
  const state = stateOf(run.status, run.conclusion);
  const counts = alone || state === 'open' || noJobs.has(run.conclusion ?? '');
  return {
    kind: 'workflow',
    id: run.id,
    name: run.name ?? run.path,
    appId: null,
    series: `workflow:${run.id}`,
    state: counts ? state : 'green',
    conclusion: run.conclusion ?? run.status ?? '',
    url: run.html_url,
    note: '',
    isJob: false,
  };
}

const noJobs = new Set(['startup_failure', 'action_required']);
