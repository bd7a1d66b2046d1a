import { type NumberedDiff, numberedDiff } from '../agent/numbered-diff.ts';
import { runAgent } from '../agent/run-agent.ts';
import type { Verdict } from '../domain/gate.ts';
import type { TreeId } from '../domain/ids.ts';
import type { StopReason } from '../domain/journal-event.ts';
import type { DropReason, ReviewFinding } from '../domain/review.ts';
import type { Workspace } from '../domain/workspace.ts';
import { agentTask } from './agent-task.ts';
import { type ChangedLines, whyDropped } from './arrange-review.ts';
import { openSandbox } from './open-sandbox.ts';
import { sharedOptions } from './run-agent-phase.ts';
import type { RunContext } from './run-context.ts';
import { startTree } from './steps/snapshot.ts';

/** A review that needs more turns has lost its way; planning and implementing have limits of their own. */
const turnsMax = 40;
const diffBytesMax = 1024 * 1024;

/** How a model's look ended, in its words. Its findings are in the journal. */
export interface ModelLook {
  readonly look: StopReason;
  readonly summary: string;
  readonly unseen: readonly string[];
}

/** Lets a model read the change and propose findings. Null where there is no model. */
export async function lookWithModel(
  context: RunContext,
  workspace: Workspace,
  change: {
    readonly treeId: TreeId;
    readonly verdicts: readonly Verdict[];
    readonly lines: ChangedLines;
  },
): Promise<ModelLook | null> {
  if (!context.ports.chain) return null;
  const { text, unseen } = await readDiff(context, workspace, change.treeId);
  // Set up by nothing: the model reads files, and nothing of the repository runs here.
  const directories = await workspace.materialise('review', change.treeId);
  const name = `${context.run.id}-review`;
  const sandbox = await openSandbox(context, { directories, name, network: 'none' });
  try {
    const shared = sharedOptions(context);
    const { stopReason, summary } = await runAgent({
      ...shared,
      limits: { ...shared.limits, turnsMax: Math.min(turnsMax, shared.limits.turnsMax) },
      sandbox,
      workspace: null,
      phase: 'review',
      round: 1,
      task: {
        ...(await agentTask(context, '')),
        change: { diff: text, gates: gatesText(change.verdicts) },
      },
      judgeFinding: (finding) => problemOf(finding, change.lines),
    });
    await context.refresh();
    return { look: stopReason, summary, unseen };
  } finally {
    await sandbox.close();
  }
}

async function readDiff(context: RunContext, workspace: Workspace, head: TreeId): Promise<NumberedDiff> {
  const base = startTree(context);
  const { lines, truncated } = await workspace.diffLines(base, head, diffBytesMax);
  const diff = numberedDiff(lines);
  if (!truncated) return diff;
  const read = new Set(lines.map(({ path }) => path));
  const changes = await workspace.changes(base, head);
  const missing = changes.filter(({ path, binary }) => !binary && !read.has(path)).map(({ path }) => path);
  return { text: diff.text, unseen: [...diff.unseen, ...missing] };
}

const problems: Readonly<Record<Extract<DropReason, 'not-changed' | 'quote-differs'>, string>> = {
  'not-changed': 'this change adds no such line; take the number before a line marked + in the diff',
  'quote-differs': 'that line does not read so; quote it exactly, without its number and mark',
};

function problemOf(finding: ReviewFinding, lines: ChangedLines): string | null {
  const reason = whyDropped(finding, lines);
  return reason === null ? null : problems[reason];
}

function gatesText(verdicts: readonly Verdict[]): string {
  return verdicts
    .flatMap(({ gate, status, summary, findings }) => [
      `${gate}: ${status}: ${summary}`,
      ...findings.slice(0, 20).map(({ path, line, message }) => `  ${path}:${line} ${message}`),
    ])
    .join('\n');
}
