import type { Effect } from '../../domain/effect.ts';
import type { TreeId } from '../../domain/ids.ts';
import type { JournalEvent } from '../../domain/journal-event.ts';
import type { FrozenRound, SettledComment } from '../../domain/round.ts';
import { blocks } from '../../domain/verdicts.ts';
import { explainStop } from '../../record/explain-stop.ts';
import { isPublished } from '../../record/is-published.ts';
import { projectRun } from '../../record/project-run.ts';
import { renderThreadReply } from '../../record/render-thread-reply.ts';
import { openWorkspace } from '../open-workspace.ts';
import { performNoted } from '../perform-noted.ts';
import type { RunContext } from '../run-context.ts';
import { startTree } from '../steps/snapshot.ts';
import { updateBody } from '../update-body.ts';
import { changedPlaces } from './changed-places.ts';
import { type RoundFacts, settleRound } from './settle-round.ts';

type Settled = Extract<JournalEvent, { kind: 'round.settled' }>;

/**
 * Answers a review after its commit was pushed, or after it is certain that there is none: the ledger is settled, each
 * thread gets its reply, those that were addressed are resolved, and one comment sums it up. Nothing for other runs.
 */
export async function answerRound(context: RunContext): Promise<void> {
  const { round } = context.run.input;
  if (!round) return;
  const { comments } = await context.once(
    'round.settled',
    'round.settled',
    () => true,
    () => settle(context, round),
  );
  for (const settled of comments) {
    const answer = replyTo(context, round, settled);
    if (answer) await performNoted(context, answer.key, answer.effect);
  }
  for (const thread of resolvable(round, comments)) {
    const { key, effect } = resolving(context, thread);
    await performNoted(context, key, effect);
  }
  await updateBody(context, context.run.target.number);
}

async function settle(context: RunContext, round: FrozenRound): Promise<Settled> {
  const { verdicts, commit, effects } = projectRun(context.run, context.entries);
  const made = context.last('commit.made');
  const isPushed = made !== undefined && effects.some(isPublished);
  const comments = settleRound({
    round,
    suggestions: context.last('suggestions.applied'),
    answers: answersOf(context),
    changed: new Set(isPushed ? made.files.map(({ path }) => path) : []),
    worked: isPushed ? await workedOn(context, made.treeId) : new Map(),
    textOf: isPushed ? await textsOf(context, round, made.treeId) : () => undefined,
    whyOpen: whyOpen(context),
    sound: !verdicts.some(blocks),
  });
  return { kind: 'round.settled', commit: isPushed ? commit : null, comments };
}

function answersOf({ entries }: RunContext) {
  return entries.flatMap(({ event }) => (event.kind === 'comment.answered' ? [event.answer] : []));
}

/** Beyond this a change counts by its files alone, and as far from every line. */
const patchBytesMax = 4 * 1024 * 1024;

async function workedOn(context: RunContext, tree: TreeId): Promise<RoundFacts['worked']> {
  const workspace = await openWorkspace(context);
  const from = context.last('suggestions.applied')?.treeId ?? startTree(context);
  const files = await workspace.changes(from, tree);
  const places = changedPlaces((await workspace.patch(from, tree, patchBytesMax)).text);
  return new Map(files.map(({ path }) => [path, places.get(path) ?? []]));
}

async function textsOf(
  context: RunContext,
  { comments }: FrozenRound,
  tree: TreeId,
): Promise<(path: string) => string | undefined> {
  const workspace = await openWorkspace(context);
  const texts = new Map<string, string | undefined>();
  for (const { path, suggestion } of comments)
    if (suggestion && !texts.has(path))
      texts.set(path, (await workspace.readFile(tree, path))?.toString('utf8'));
  return (path) => texts.get(path);
}

function whyOpen(context: RunContext): string {
  const solved = context.last('solver.finished');
  if (solved?.solver === 'repair') return noModel;
  if (!solved || solved.stopReason === 'finished') return 'The agent said nothing about this comment.';
  const { why, next } = explainStop(solved.stopReason);
  return `The work stopped before this comment was answered. ${why} ${next}`;
}

const noModel = 'No model is set up here, and without one only suggestions can be applied.';

interface Keyed {
  readonly key: string;
  readonly effect: Effect;
}

/** An answer as it was announced, for a run that ends in the middle of it. */
export function rebuiltAnswer(context: RunContext, key: string): Effect | undefined {
  const { round } = context.run.input;
  const settled = context.last('round.settled')?.comments;
  if (!round || !settled) return undefined;
  const replies = settled.flatMap((one) => replyTo(context, round, one) ?? []);
  const all = [...replies, ...resolvable(round, settled).map((thread) => resolving(context, thread))];
  return all.find((one) => one.key === key)?.effect;
}

function replyTo(context: RunContext, round: FrozenRound, settled: SettledComment): Keyed | undefined {
  const comment = round.comments.find(({ name }) => name === settled.name);
  if (!comment) return undefined;
  const body = renderThreadReply(projectRun(context.run, context.entries), settled);
  const { number: pull } = context.run.target;
  return {
    key: `reply:${comment.id}`,
    effect: { kind: 'review.reply', pull, comment: comment.threadStart, body },
  };
}

/** Threads all of whose comments in this review were addressed. */
function resolvable(round: FrozenRound, settled: readonly SettledComment[]): readonly string[] {
  const open = new Set(settled.filter(({ resolve: may }) => !may).map(({ name }) => name));
  const threads = Map.groupBy(round.comments, ({ thread }) => thread);
  return [...threads].flatMap(([thread, comments]) =>
    thread !== null && !comments.some(({ name }) => open.has(name)) ? [thread] : [],
  );
}

function resolving({ run }: RunContext, thread: string): Keyed {
  return { key: `resolve:${thread}`, effect: { kind: 'thread.resolve', pull: run.target.number, thread } };
}
