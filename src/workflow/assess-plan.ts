import type { PlanStep } from '../domain/journal-event.ts';
import type { Run } from '../domain/run.ts';
import { openWorkspace } from './open-workspace.ts';
import type { RunContext } from './run-context.ts';
import { namedFiles, type PlanRisk, scorePlan } from './score-plan.ts';
import { repositoryConfig, startTree } from './steps/snapshot.ts';

const runsRead = 50;
const journalsRead = 10;
const pastMs = 30 * 24 * 3_600_000;
const cameToNothing: readonly Run['state'][] = ['failed', 'refused'];

/** All that a plan says, as one text. */
export function planText(plan: { readonly summary: string; readonly steps: readonly PlanStep[] }): string {
  return [plan.summary, ...plan.steps.map(({ title, acceptance }) => `${title}\n${acceptance}`)].join('\n');
}

/** The risk of a plan, from the plan, the base tree and what became of earlier runs. */
export async function assessPlan(
  context: RunContext,
  plan: { readonly summary: string; readonly steps: readonly PlanStep[] },
): Promise<PlanRisk> {
  const workspace = await openWorkspace(context);
  const baseFiles = await workspace.listFiles(startTree(context));
  const config = repositoryConfig(context);
  const text = planText(plan);
  const past = await pastFailures(context);
  return scorePlan({
    text,
    steps: plan.steps.length,
    baseFiles,
    configured: [...(config.protected ?? []), ...(config.gates?.policy.protectedPaths ?? [])],
    failuresHere: past.filter((run) => isSameThread(run, context.run)).length,
    failuresNear: await countNear(context, past, directoriesOf(namedFiles(text, baseFiles))),
  });
}

async function pastFailures({ run, ports }: RunContext): Promise<readonly Run[]> {
  const since = ports.clock.now().getTime() - pastMs;
  const runs = await ports.runs.list({ repositoryId: run.repository.id, limit: runsRead });
  return runs.filter(
    ({ id, state, createdAt }) =>
      id !== run.id && cameToNothing.includes(state) && createdAt.getTime() > since,
  );
}

function isSameThread(one: Run, other: Run): boolean {
  return one.target.kind === other.target.kind && one.target.number === other.target.number;
}

/** Elsewhere than on the same thread: those count already. */
async function countNear(
  context: RunContext,
  past: readonly Run[],
  directories: ReadonlySet<string>,
): Promise<number> {
  if (directories.size === 0) return 0;
  let count = 0;
  for (const run of past.filter((one) => !isSameThread(one, context.run)).slice(0, journalsRead)) {
    const entries = await context.ports.journal.read(run.id);
    const made = entries.findLast(({ event }) => event.kind === 'plan.made')?.event;
    if (made?.kind !== 'plan.made') continue;
    const theirs = directoriesOf(namedFiles(planText(made), []));
    if ([...theirs].some((directory) => directories.has(directory))) count += 1;
  }
  return count;
}

function directoriesOf(paths: readonly string[]): ReadonlySet<string> {
  return new Set(
    paths.filter((path) => path.includes('/')).map((path) => path.slice(0, path.lastIndexOf('/'))),
  );
}
