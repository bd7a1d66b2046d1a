import { type NumberedDiff, numberedDiff } from '../agent/numbered-diff.ts';
import { runAgent } from '../agent/run-agent.ts';
import type { Verdict } from '../domain/gate.ts';
import type { TreeId } from '../domain/ids.ts';
import type { ChangedFile } from '../domain/journal-event.ts';
import type { DropReason, ReviewFinding } from '../domain/review.ts';
import type { StopReason } from '../domain/stop-reason.ts';
import type { DiffLine, Workspace } from '../domain/workspace.ts';
import { agentTask } from './agent-task.ts';
import { type ChangedLines, whyDropped } from './arrange-review.ts';
import { openSandbox } from './open-sandbox.ts';
import { sharedOptions } from './run-agent-phase.ts';
import type { RunContext } from './run-context.ts';

/** A review that needs more turns has lost its way; planning and implementing have limits of their own. */
const turnsMax = 40;

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
    readonly diff: { readonly lines: readonly DiffLine[]; readonly truncated: boolean };
    readonly files: readonly ChangedFile[];
    readonly lines: ChangedLines;
  },
): Promise<ModelLook | null> {
  if (!context.ports.chain) return null;
  const { text, unseen } = shownDiff(change);
  // Set up by nothing: the model reads files, and nothing of the repository runs here.
  const directories = await workspace.materialise(`review-${context.lease.epoch}`, change.treeId);
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

/** Files that a diff which was cut did not come to are told as not seen. */
function shownDiff({
  diff,
  files,
}: {
  readonly diff: { readonly lines: readonly DiffLine[]; readonly truncated: boolean };
  readonly files: readonly ChangedFile[];
}): NumberedDiff {
  const { text, unseen } = numberedDiff(diff.lines);
  if (!diff.truncated) return { text, unseen };
  const read = new Set(diff.lines.map(({ path }) => path));
  const missing = files.filter(({ path, binary }) => !binary && !read.has(path)).map(({ path }) => path);
  return { text, unseen: [...unseen, ...missing] };
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
