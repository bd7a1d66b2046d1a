import { z } from 'zod';
import { announceSuite, ensureSuite } from '../actions/check-actions.ts';
import { appOf } from '../auth/caller.ts';
import { readCommit } from '../git/commit-reader.ts';
import { ApiError, notFound } from '../http/api-error.ts';
import { paginate } from '../http/paginate.ts';
import { parseBody } from '../http/parse-body.ts';
import { created, ok, type RepositoryCall, type Route, read, repositoryRoute, write } from '../http/route.ts';
import { checkRunShape, checkSuiteShape } from '../shapes/check-shape.ts';
import type { App, CheckRun } from '../state/model.ts';
import { checkRunChange, newCheckRun } from './check-body.ts';
import { requireCommit } from './commit-routes.ts';
import { requireUser } from './issue-lookup.ts';

/** Check runs and their suites; only an App writes them, and only its own. */
export const checkRoutes: readonly Route[] = [
  repositoryRoute('POST', '/check-runs', write('checks'), createRun),
  repositoryRoute('GET', '/check-runs/:id', read('checks'), (call) =>
    ok(checkRunShape(call.hub.urls, call.repository, requireRun(call))),
  ),
  repositoryRoute('PATCH', '/check-runs/:id', write('checks'), updateRun),
  repositoryRoute('GET', '/check-runs/:id/annotations', read('checks'), (call) =>
    paginate(call, requireRun(call).annotations, (page) =>
      page.map((one) => ({
        ...one,
        start_column: one.start_column ?? null,
        end_column: one.end_column ?? null,
        title: one.title ?? null,
        raw_details: one.raw_details ?? null,
        blob_href: `${call.hub.urls.repositoryHtml(call.repository)}/blob/${requireRun(call).headSha}/${one.path}`,
      })),
    ),
  ),
  repositoryRoute('POST', '/check-runs/:id/rerequest', write('checks'), (call) => {
    const run = requireRun(call);
    call.hub.events.checkRun({ repository: call.repository, run, sender: requireUser(call) }, 'rerequested');
    return created({});
  }),
  repositoryRoute('POST', '/check-suites', write('checks'), async (call) => {
    const { head_sha } = parseBody(z.object({ head_sha: z.string() }), call.body, 'CheckSuite');
    const sha = await requireCommit(call, head_sha);
    const { suite, isNew } = ensureSuite(call.hub, call.repository, { app: requireCheckApp(call), sha });
    const commit = await readCommit(call.repository.gitDir, sha);
    if (!commit) throw notFound();
    return {
      status: isNew ? 201 : 200,
      body: checkSuiteShape(call.hub.urls, call.repository, { suite, commit }),
    };
  }),
  repositoryRoute('GET', '/commits/:ref/check-runs', read('checks'), async (call) => {
    const sha = await requireCommit(call, call.params['ref'] ?? '');
    const all = call.repository.suites.filter((suite) => suite.headSha === sha).flatMap(({ runs }) => runs);
    const runs = (call.query.get('filter') === 'all' ? all : latestRuns(all)).filter(wantedBy(call));
    return paginate(call, runs.toReversed(), (page) => ({
      total_count: runs.length,
      check_runs: page.map((run) => checkRunShape(call.hub.urls, call.repository, run)),
    }));
  }),
  repositoryRoute('GET', '/commits/:ref/check-suites', read('checks'), async (call) => {
    const sha = await requireCommit(call, call.params['ref'] ?? '');
    const commit = await readCommit(call.repository.gitDir, sha);
    const suites = commit ? call.repository.suites.filter((suite) => suite.headSha === sha) : [];
    return paginate(call, suites, (page) => ({
      total_count: suites.length,
      check_suites: page.map(
        (suite) => commit && checkSuiteShape(call.hub.urls, call.repository, { suite, commit }),
      ),
    }));
  }),
];

/** Of runs with one name in one suite only the newest counts. */
export function latestRuns(runs: readonly CheckRun[]): readonly CheckRun[] {
  const latest = new Map<string, CheckRun>();
  for (const run of runs) latest.set(`${run.suite.id} ${run.name}`, run);
  return [...latest.values()];
}

function wantedBy(call: RepositoryCall): (run: CheckRun) => boolean {
  const name = call.query.get('check_name');
  const status = call.query.get('status');
  const appId = call.query.get('app_id');
  return (run) =>
    (!name || run.name === name) &&
    (!status || run.status === status) &&
    (!appId || run.suite.app.id === Number(appId));
}

async function createRun(call: RepositoryCall) {
  const app = requireCheckApp(call);
  const wanted = parseBody(newCheckRun, call.body, 'CheckRun');
  const sha = await requireCommit(call, wanted.head_sha);
  const { suite } = ensureSuite(call.hub, call.repository, { app, sha });
  const run: CheckRun = {
    id: call.hub.state.ids.take('run'),
    suite,
    name: wanted.name,
    headSha: sha,
    detailsUrl: null,
    externalId: '',
    status: 'queued',
    conclusion: null,
    startedAt: new Date(),
    completedAt: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
  };
  applyChange(run, wanted);
  suite.runs.push(run);
  await announceRun(call, run, ['created', ...(run.status === 'completed' ? ['completed'] : [])]);
  return created(checkRunShape(call.hub.urls, call.repository, run));
}

async function updateRun(call: RepositoryCall) {
  const run = requireRun(call);
  if (run.suite.app !== requireCheckApp(call))
    throw new ApiError(
      403,
      `Invalid app_id \`${run.suite.app.id}\` - check run can only be modified by the GitHub App that created it.`,
    );
  const change = parseBody(checkRunChange, call.body, 'CheckRun');
  const wasCompleted = run.status === 'completed';
  applyChange(run, change);
  await announceRun(call, run, run.status === 'completed' && !wasCompleted ? ['completed'] : []);
  return ok(checkRunShape(call.hub.urls, call.repository, run));
}

/** Fields that are given replace; annotations are appended. */
function applyChange(run: CheckRun, change: z.infer<typeof checkRunChange>): void {
  run.name = change.name ?? run.name;
  run.detailsUrl = change.details_url ?? run.detailsUrl;
  run.externalId = change.external_id ?? run.externalId;
  run.startedAt = change.started_at ? new Date(change.started_at) : run.startedAt;
  run.actions = change.actions ?? run.actions;
  applyStatus(run, change);
  applyOutput(run, change.output);
}

/** A conclusion completes the run; going back to work forgets it. */
function applyStatus(run: CheckRun, change: z.infer<typeof checkRunChange>): void {
  if (change.conclusion !== undefined) {
    run.status = 'completed';
    run.conclusion = change.conclusion;
    run.completedAt = change.completed_at ? new Date(change.completed_at) : new Date();
  } else if (change.status) {
    run.status = change.status;
    run.conclusion = null;
    run.completedAt = null;
  }
}

function applyOutput(run: CheckRun, output: z.infer<typeof checkRunChange>['output']): void {
  if (!output) return;
  run.output = {
    title: output.title ?? run.output.title,
    summary: output.summary,
    text: output.text ?? run.output.text,
  };
  run.annotations.push(...(output.annotations ?? []));
}

async function announceRun(call: RepositoryCall, run: CheckRun, actions: readonly string[]): Promise<void> {
  const at = { repository: call.repository, sender: requireUser(call) };
  for (const action of actions) call.hub.events.checkRun({ ...at, run }, action);
  await announceSuite(call.hub, { ...at, suite: run.suite });
}

function requireRun(call: RepositoryCall): CheckRun {
  const id = Number(call.params['id']);
  const found = call.repository.suites.flatMap((suite) => suite.runs).find((run) => run.id === id);
  if (!found) throw notFound();
  return found;
}

function requireCheckApp(call: RepositoryCall): App {
  const app = appOf(call.caller);
  if (!app) throw new ApiError(403, 'You must authenticate via a GitHub App.');
  return app;
}
