import type { CommitId } from '../../domain/ids.ts';
import type { JournalEvent, PlanStep } from '../../domain/journal-event.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { sanitiseTitle } from '../../text/sanitise.ts';
import { namedPaths } from '../named-paths.ts';
import { openSandbox } from '../open-sandbox.ts';
import { openWorkspace } from '../open-workspace.ts';
import type { RunContext } from '../run-context.ts';
import { refuse, type Step, type StepOutcome } from '../step.ts';
import { startTree } from './snapshot.ts';

type Merged = Extract<JournalEvent, { kind: 'base.merged' }>;

const workflowDirectory = '.github/workflows/';
const conflictsNamed = 20;

/**
 * Brings the base into the branch of a pull request, as trees and inside a sandbox. Without conflict all gates judge
 * the result; a conflict goes to the model, which sees what both sides were for.
 */
export const merge: Step = {
  name: 'merge',
  nexts: ['implement', 'verify', 'finish'],
  async run(context) {
    const merged = await mergeOnce(context);
    if (merged === undefined) return refuseUnrelated(context);
    if (merged.workflows.length > 0) return askForPerson(context, merged);
    if (merged.conflicts.length > 0) return await handOver(context, merged);
    return await toVerify(context, merged);
  },
};

async function mergeOnce(context: RunContext): Promise<Merged | undefined> {
  const known = context.last('base.merged');
  if (known) return known;
  const { baseSha, head, headTip } = context.fact('base.chosen');
  const { run, ports } = context;
  // Another machine's mirror may have the base and not the branch.
  await ports.workspaces.fetch(run, run.repository, { branch: head, sha: headTip as CommitId });
  const workspace = await openWorkspace(context);
  const theirs = baseSha as CommitId;
  const { base: parted, ...since } = await workspace.compare(headTip as CommitId, theirs);
  if (parted === null) return undefined;
  const { tree: ours } = await ports.workspaces.facts(run.repository, headTip as CommitId);
  const sides = { base: parted.tree, ours, theirs: startTree(context) };
  const upToDate = parted.commit === theirs;
  const result = upToDate ? { tree: ours, conflicts: [] } : await mergeInSandbox(context, workspace, sides);
  const brought = await workspace.changes(ours, result.tree);
  const event: Merged = {
    kind: 'base.merged',
    parted: parted.commit,
    treeId: result.tree,
    conflicts: result.conflicts,
    ours: since.ours.map(inert),
    theirs: since.theirs.map(inert),
    upToDate,
    workflows: brought.map(({ path }) => path).filter((path) => path.startsWith(workflowDirectory)),
  };
  await context.append(event, 'base.merged');
  return event;
}

async function mergeInSandbox(
  context: RunContext,
  workspace: Workspace,
  sides: Parameters<Workspace['merge']>[1],
) {
  const { directories } = workspace;
  const name = `${context.run.id}-merge`;
  const sandbox = await openSandbox(context, { directories, name, network: 'none' });
  try {
    return await workspace.merge(sandbox, sides);
  } finally {
    await sandbox.close();
  }
}

/** Whoever commits chooses the words; what a reader does not see is taken out. */
function inert(subject: string): string {
  return sanitiseTitle(subject).text;
}

function refuseUnrelated(context: RunContext): StepOutcome {
  const { base, head } = context.fact('base.chosen');
  return refuse(
    `\`${head}\` and \`${base}\` have no common commit any more, so they cannot be merged. Nothing was pushed.`,
  );
}

/** GitHub refuses the push whoever wrote the change, and a token that could make it could change what CI runs. */
function askForPerson(context: RunContext, { workflows, conflicts }: Merged): StepOutcome {
  const { base, head } = context.fact('base.chosen');
  const how =
    conflicts.length === 0
      ? 'Press **Update branch** on the pull request'
      : `Merge \`${base}\` into \`${head}\` by hand (in conflict: ${namedPaths(conflicts, conflictsNamed)})`;
  return refuse(
    `\`${base}\` changed workflow files (${namedPaths(workflows, conflictsNamed)}), which no App without the permission \`workflows\` may push, ` +
      `and this one does not ask for it. ${how}; the gates run again as soon as the branch has moved.`,
  );
}

/** Nobody but a model can settle what two people meant. */
async function handOver(context: RunContext, merged: Merged): Promise<StepOutcome> {
  const { conflicts } = merged;
  if (!context.ports.chain) {
    return refuse(
      `In conflict: ${namedPaths(conflicts, conflictsNamed)}. There is no model here that could settle that, so nothing was pushed. Merge by hand.`,
    );
  }
  await makePlan(context, 'model', conflicts.slice(0, conflictsNamed).map(stepFor));
  await workFrom(context, merged);
  return {
    next: 'implement',
    summary: conflicts.length === 1 ? 'one file in conflict' : `${conflicts.length} files in conflict`,
  };
}

async function toVerify(context: RunContext, merged: Merged): Promise<StepOutcome> {
  const { base, head } = context.fact('base.chosen');
  const summary = merged.upToDate
    ? `\`${head}\` has everything of \`${base}\`; the gates judge it again.`
    : `\`${base}\` merged into \`${head}\` without conflict.`;
  // What the gates refuse goes to a model where there is one.
  await makePlan(context, context.ports.chain ? 'model' : 'merge', []);
  await workFrom(context, merged);
  const { treeId } = merged;
  const stopped = { stopReason: 'finished', summary, notDone: '', details: {} } as const;
  await context.append(
    { kind: 'solver.finished', round: 1, solver: 'merge', ...stopped, treeId },
    'solver.finished:1',
  );
  return { next: 'verify', summary };
}

async function makePlan(
  context: RunContext,
  solver: 'model' | 'merge',
  steps: readonly PlanStep[],
): Promise<void> {
  const { base, head } = context.fact('base.chosen');
  const summary = `Bring \`${base}\` into \`${head}\`, so that what both sides wanted holds.`;
  const risk = 'low (0); made by rule: it is a merge';
  await context.append({ kind: 'plan.made', solver, summary, steps, risk }, 'plan.made');
}

/** The agent's work tree is made equal to the newest checkpoint wherever it starts. */
async function workFrom(context: RunContext, { treeId }: Merged): Promise<void> {
  await context.append({ kind: 'checkpoint.made', turn: 0, treeId }, 'checkpoint:start');
}

function stepFor(path: string, index: number): PlanStep {
  return {
    id: `conflict-${index + 1}`,
    title: `Settle the conflict in ${path}`,
    acceptance: 'No marks are left, and what each side wanted still holds',
    status: 'open',
  };
}
