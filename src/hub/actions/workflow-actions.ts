import { readCommit } from '../git/commit-reader.ts';
import type { HubContext } from '../hub-context.ts';
import { suiteState } from '../shapes/check-shape.ts';
import type {
  App,
  CheckAnnotation,
  CheckOutput,
  CheckRun,
  Repository,
  Workflow,
  WorkflowRun,
} from '../state/model.ts';
import { createApp } from './app-actions.ts';
import { announceSuite } from './check-actions.ts';

export interface NewWorkflowRun {
  readonly sha: string;
  readonly name: string;
  readonly jobs: readonly string[];
  /** Default `pull_request`. */
  readonly event?: string;
}

export interface FinishedJob {
  readonly name: string;
  readonly conclusion: string;
  readonly log?: string;
  readonly output?: Partial<CheckOutput>;
  readonly annotations?: readonly CheckAnnotation[];
}

/** A workflow starts at a commit. Each run of one has a suite of its own, as on GitHub. */
export function startWorkflow(hub: HubContext, repository: Repository, wanted: NewWorkflowRun): WorkflowRun {
  const app = actionsApp(hub);
  const now = new Date();
  const headBranch = [...repository.refs].find(
    ([ref, sha]) => sha === wanted.sha && ref.startsWith('refs/heads/'),
  )?.[0];
  const suite = {
    id: hub.state.ids.take('suite'),
    app,
    headSha: wanted.sha,
    headBranch: headBranch?.slice('refs/heads/'.length) ?? null,
    before: null,
    createdAt: now,
    updatedAt: now,
    runs: [],
    announcedAs: 'queued',
  };
  repository.suites.push(suite);
  const run: WorkflowRun = {
    id: hub.state.ids.take('workflowRun'),
    workflow: workflowOf(hub, repository, wanted.name),
    suite,
    event: wanted.event ?? 'pull_request',
    number: 1 + repository.workflowRuns.length,
    actor: repository.owner,
    createdAt: now,
    attempt: 1,
    status: 'in_progress',
    conclusion: null,
    startedAt: now,
    updatedAt: now,
  };
  repository.workflowRuns.push(run);
  for (const name of wanted.jobs) addJob(hub, repository, { run, name });
  hub.state.changed();
  return run;
}

/** A job ends, and with the last one its workflow run and suite. */
export async function finishJob(
  hub: HubContext,
  repository: Repository,
  { runId, job }: { readonly runId: number; readonly job: FinishedJob },
): Promise<void> {
  const run = requireWorkflowRun(repository, runId);
  const found = run.suite.runs.findLast(({ name, status }) => name === job.name && status !== 'completed');
  if (!found) throw new Error(`workflow run ${runId} has no open job ${job.name}`);
  Object.assign(found, {
    status: 'completed',
    conclusion: job.conclusion,
    completedAt: new Date(),
    output: { title: null, summary: null, text: null, ...job.output },
    ...(job.log === undefined ? {} : { log: job.log }),
  });
  found.annotations.push(...(job.annotations ?? []));
  hub.events.checkRun({ repository, run: found, sender: run.actor }, 'completed');
  await announceSuite(hub, { repository, suite: run.suite, sender: run.actor });
  await completeRun(hub, repository, run);
  hub.state.changed();
}

/** Another attempt: the workflow run is open again, with a new check run of the same name. */
export function rerunJob(
  hub: HubContext,
  repository: Repository,
  { runId, name }: { readonly runId: number; readonly name: string },
): void {
  const run = requireWorkflowRun(repository, runId);
  Object.assign(run, { attempt: run.attempt + 1, status: 'in_progress', conclusion: null });
  addJob(hub, repository, { run, name });
  hub.state.changed();
}

async function completeRun(hub: HubContext, repository: Repository, run: WorkflowRun): Promise<void> {
  const latest = new Map(run.suite.runs.map((one) => [one.name, one]));
  const { status, conclusion } = suiteState({ ...run.suite, runs: [...latest.values()] });
  if (status !== 'completed') return;
  Object.assign(run, { status, conclusion, updatedAt: new Date() });
  const commit = await readCommit(repository.gitDir, run.suite.headSha);
  if (commit) hub.events.workflowRun({ repository, run, commit }, 'completed');
}

function addJob(
  hub: HubContext,
  repository: Repository,
  { run, name }: { readonly run: WorkflowRun; readonly name: string },
): void {
  const job: CheckRun = {
    id: hub.state.ids.take('run'),
    suite: run.suite,
    name,
    headSha: run.suite.headSha,
    detailsUrl: null,
    externalId: '',
    status: 'in_progress',
    conclusion: null,
    startedAt: new Date(),
    completedAt: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
  };
  run.suite.runs.push(job);
  run.suite.announcedAs = 'in_progress';
  hub.events.checkRun({ repository, run: job, sender: run.actor }, 'created');
}

function requireWorkflowRun(repository: Repository, id: number): WorkflowRun {
  const found = repository.workflowRuns.find((run) => run.id === id);
  if (!found) throw new Error(`no workflow run ${id}`);
  return found;
}

function workflowOf(hub: HubContext, repository: Repository, name: string): Workflow {
  const existing = repository.workflows.find((workflow) => workflow.name === name);
  if (existing) return existing;
  const made: Workflow = {
    id: hub.state.ids.take('workflow'),
    name,
    path: `.github/workflows/${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.yml`,
    createdAt: new Date(),
  };
  repository.workflows.push(made);
  return made;
}

/** GitHub's own App, which runs workflows everywhere without being installed. */
function actionsApp(hub: HubContext): App {
  const slug = 'github-actions';
  const existing = [...hub.state.apps.values()].find((app) => app.slug === slug);
  if (existing) return existing;
  return createApp(hub, {
    name: 'GitHub Actions',
    slug,
    owner: hub.state.addUser('github', 'Organization'),
    webhookUrl: null,
    webhookSecret: '',
    permissions: { checks: 'write', contents: 'read', metadata: 'read' },
    events: [],
  }).app;
}
