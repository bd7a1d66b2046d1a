import { writeWholeFile } from '../../agent/tools/sandbox-file.ts';
import { AppError, isAppError } from '../../domain/app-error.ts';
import type { CommitId } from '../../domain/ids.ts';
import type { JournalEvent } from '../../domain/journal-event.ts';
import type { RoundComment } from '../../domain/round.ts';
import type { SandboxRun } from '../../domain/sandbox.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { openWorkspace } from '../open-workspace.ts';
import { prepareWorkspace } from '../prepare-workspace.ts';
import type { RunContext } from '../run-context.ts';
import { startTree } from '../steps/snapshot.ts';
import { type PlaceableSuggestion, placeSuggestions } from './place-suggestions.ts';

type Taken = Extract<JournalEvent, { kind: 'suggestions.applied' }>;
interface Refused {
  readonly name: string;
  readonly why: string;
}

/**
 * Writes what the review suggests into the work tree, before a model has a turn: it is the reviewer's own text, and
 * nothing has to be understood for it. What cannot be put exactly where it belongs is left to the agent, with the reason.
 */
export async function takeSuggestions(context: RunContext): Promise<void> {
  const suggesting = (context.run.input.round?.comments ?? []).filter(({ suggestion }) => suggestion);
  if (suggesting.length === 0) return;
  const taken = await context.once(
    'suggestions.applied',
    'suggestions.applied',
    () => true,
    () => take(context, suggesting),
  );
  if (taken.applied.length === 0) return;
  // Without a call's id: this is where the work starts.
  const { treeId } = taken;
  await context.append({ kind: 'checkpoint.made', turn: 0, treeId }, 'checkpoint:suggestions');
}

async function take(context: RunContext, suggesting: readonly RoundComment[]): Promise<Taken> {
  const workspace = await openWorkspace(context);
  const refused: Refused[] = [];
  const applied: string[] = [];
  const texts = new Map<string, string>();
  for (const [path, comments] of Map.groupBy(suggesting, (comment) => comment.path)) {
    const placed = await placeIn(context, workspace, { path, comments });
    refused.push(...placed.refused);
    applied.push(...placed.applied);
    if (placed.applied.length > 0) texts.set(path, placed.text);
  }
  const treeId = texts.size === 0 ? startTree(context) : await writeAll(context, workspace, texts);
  return { kind: 'suggestions.applied', treeId, applied, refused };
}

async function placeIn(
  context: RunContext,
  workspace: Workspace,
  { path, comments }: { readonly path: string; readonly comments: readonly RoundComment[] },
): Promise<ReturnType<typeof placeSuggestions>> {
  const text = textOf(await workspace.readFile(startTree(context), path));
  const refused: Refused[] = [];
  const placeable: PlaceableSuggestion[] = [];
  for (const comment of comments) {
    const found = text === undefined ? noText : await readPlace(context, comment, text);
    if (typeof found === 'string') refused.push({ name: comment.name, why: found });
    else placeable.push(found);
  }
  const placed = placeSuggestions(text ?? '', placeable);
  return { ...placed, refused: [...refused, ...placed.refused] };
}

const noText = 'there is no such text file in the branch';

/** What can be placed; in words, why it cannot. */
async function readPlace(
  context: RunContext,
  { name, path, side, lines, original, suggestion }: RoundComment,
  textNow: string,
): Promise<PlaceableSuggestion | string> {
  if (suggestion === null) return 'it suggests nothing';
  if ('unclear' in suggestion) return suggestion.unclear;
  if (side === 'left') return 'it stands on lines that were taken away';
  if (original.lines === null) return 'it stands on a file and not on lines';
  if (lines === null) return 'its lines are there no more';
  const { startSha } = context.fact('base.chosen');
  const seen = original.commit === startSha ? textNow : await readSeen(context, original.commit, path);
  if (seen === undefined) return 'the commit of the review cannot be read';
  return { name, lines, replacement: suggestion.lines, reviewed: { text: seen, lines: original.lines } };
}

/** After a force-push the commit can be out of reach. */
async function readSeen(context: RunContext, sha: CommitId, path: string): Promise<string | undefined> {
  const { run, ports } = context;
  const { head: branch } = context.fact('base.chosen');
  try {
    await ports.workspaces.fetch(run, run.repository, { branch, sha });
    return textOf(await ports.workspaces.readFile(run.repository, sha, path));
  } catch (error) {
    if (isAppError(error, 'github-not-found') || isAppError(error, 'git-failed')) return undefined;
    throw error;
  }
}

/** Undefined for what is no UTF-8: lines of it cannot be told. */
function textOf(content: Buffer | undefined): string | undefined {
  const text = content?.toString('utf8');
  return text !== undefined && content?.equals(Buffer.from(text, 'utf8')) ? text : undefined;
}

async function writeAll(context: RunContext, workspace: Workspace, texts: ReadonlyMap<string, string>) {
  const sandbox = await prepareWorkspace(context, workspace);
  try {
    await workspace.restore(sandbox, workspace.baseTree);
    for (const [path, text] of texts) await write(context, sandbox, { path, text });
    return await workspace.checkpoint(sandbox);
  } finally {
    await sandbox.close();
  }
}

async function write(
  { lease }: RunContext,
  sandbox: SandboxRun,
  { path, text }: { readonly path: string; readonly text: string },
): Promise<void> {
  // Relative and never an option: a path of a repository may begin with a hyphen.
  const problem = await writeWholeFile(`./${path}`, text, { sandbox, signal: lease.signal });
  if (problem !== null) throw new AppError('internal', `a suggestion could not be written: ${problem}`);
}
