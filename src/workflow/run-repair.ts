import type { SandboxRun } from '../domain/sandbox.ts';
import type { StopReason } from '../domain/stop-reason.ts';
import type { Workspace } from '../domain/workspace.ts';
import { type RepairOutcome, searchRepair } from '../repair/search-repair.ts';
import { prepareWorkspace } from './prepare-workspace.ts';
import type { RunContext } from './run-context.ts';

interface Repaired {
  readonly stopReason: StopReason;
  readonly summary: string;
  readonly notDone: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Searches for a change under which the failing tests pass, and snapshots it. */
export async function runRepair(context: RunContext, workspace: Workspace): Promise<Repaired> {
  const sandbox = await prepareWorkspace(context, workspace);
  try {
    await workspace.restore(sandbox, workspace.baseTree);
    const outcome = await search(context, workspace, sandbox);
    if (outcome.kind === 'repaired') await record(context, workspace, { sandbox, outcome });
    return describe(outcome);
  } finally {
    await sandbox.close();
  }
}

async function search(
  context: RunContext,
  workspace: Workspace,
  sandbox: SandboxRun,
): Promise<RepairOutcome> {
  const { run, ports, lease } = context;
  const { tests } = context.fact('baseline.finished');
  return await searchRepair({
    sandbox,
    files: await workspace.listFiles(workspace.baseTree),
    commands: context.fact('commands.detected').commands,
    baseline: tests ?? { commands: [], results: [], infra: 'no baseline' },
    hintText: `${run.input.title}\n${run.input.body}\n${run.input.instruction ?? ''}`,
    limits: { wallClockMs: ports.limits.repairMs, candidatesMax: 20_000 },
    clock: ports.clock,
    signal: lease.signal,
    onProgress: async ({ tried, plausible, note }) => {
      ports.log.debug('repair.progress', { runId: run.id, tried, plausible, note });
    },
  });
}

async function record(
  context: RunContext,
  workspace: Workspace,
  found: { readonly sandbox: SandboxRun; readonly outcome: Extract<RepairOutcome, { kind: 'repaired' }> },
): Promise<void> {
  const treeId = await workspace.checkpoint(found.sandbox);
  const { outcome } = found;
  const { steps } = context.fact('plan.made');
  await context.append(
    { kind: 'plan.updated', steps: steps.map((step) => ({ ...step, status: 'done' })) },
    'plan:repaired',
  );
  await context.append({ kind: 'checkpoint.made', turn: 0, treeId }, `checkpoint:${treeId}`);
  await context.append(
    {
      kind: 'decision.recorded',
      turn: null,
      decision: {
        question: `Which change to ${outcome.path} makes the failing tests pass?`,
        options: [
          `${outcome.tried} candidates were tried`,
          `${outcome.plausible} of them made the tests pass`,
        ],
        choice: `${outcome.description}: ${changeOf(outcome)}`,
        reason: 'The smallest change under which the failing tests pass and no other test fails.',
        evidence: heldBack(outcome.heldBackTests),
      },
    },
    'decision:repair',
  );
}

function heldBack(count: number): string {
  if (count === 0)
    return 'No test could be held back from the search: look closely at what the tests leave open.';
  return `${count} ${count === 1 ? 'test was' : 'tests were'} held back from the search and passed afterwards.`;
}

/** The changed code as it was and as it is, when it is short enough to be read in a sentence. */
function changeOf({ before, after }: Extract<RepairOutcome, { kind: 'repaired' }>): string {
  const [old, now] = [before.trim(), after.trim()];
  if (old.length + now.length > 160 || `${old}${now}`.includes('\n')) return 'see the diff';
  return now === '' ? `\`${old}\` is removed` : `\`${old}\` becomes \`${now}\``;
}

function describe(outcome: RepairOutcome): Repaired {
  if (outcome.kind === 'repaired') {
    const { path, line, description, tried, plausible, heldBackTests } = outcome;
    return {
      stopReason: 'finished',
      summary: `${description} (\`${path}:${line}\`): ${changeOf(outcome)}`,
      notDone: '',
      details: { path, tried, plausible, heldBackTests },
    };
  }
  const { reason, tried, plausible } = outcome;
  const stopReason: StopReason = reason === 'no-failing-test' ? 'no-failing-test' : 'no-repair-found';
  const summary = `The search ended (${reason}) after ${tried} candidates, ${plausible} of them plausible.`;
  return { stopReason, summary, notDone: summary, details: { reason, tried, plausible } };
}
