import { AppError } from '../../domain/app-error.ts';
import { type ChecksJudged, type ChecksWait, checkSources } from '../../domain/checks.ts';
import type { CommitId } from '../../domain/ids.ts';
import { isPublished } from '../../record/is-published.ts';
import { addressOf } from '../address.ts';
import { beginWait, endOf, takeMessage } from '../await-person.ts';
import type { CheckPorts } from '../ports.ts';
import type { RunContext } from '../run-context.ts';
import { wordsWait } from '../words.ts';
import { checkFeedback, checksToldMax } from './check-feedback.ts';
import { type Decision, decide } from './decide.ts';
import { expectedNames, isChecked, judgeChecks, latestOf, openNames } from './judge-checks.ts';
import { type HeadReading, readBefore, readHead } from './read-checks.ts';
import type { Reading } from './reading.ts';

/** How often red checks send the work back. */
const mendingRoundsMax = 3;
/** A delivery may be lost: so often it is looked again without one. */
const rereadMs = 5 * 60_000;
const minute = 60_000;

/** A pushed commit, the pull request that shows it, and how people are told that it is waited for. */
export interface ShownCommit {
  readonly round: number;
  readonly number: number;
  readonly commit: CommitId;
  tell(): Promise<void>;
}

/**
 * Waits without a worker until others' checks at the commit have ended, and judges them once. Undefined: nobody checks
 * here, and nothing of it is journaled. `words`: somebody said something to the agent in the meantime. Throws
 * `checks-awaited`, upon which the run is parked; when it is claimed again the step comes back here.
 */
export async function awaitChecks(
  context: RunContext,
  shown: ShownCommit,
): Promise<ChecksJudged | 'words' | undefined> {
  const { checks, limits } = context.ports;
  if (!checks || limits.checksWaitMs === 0) return undefined;
  for (;;) {
    const known = context.last('checks.judged', ({ sha }) => sha === shown.commit);
    if (known) return await leave(context, shown, known);
    // Before anything is read: what is said or told from now on keeps the run from being parked over it.
    if (openOne(context, shown.commit) && (await takeMessages(context)))
      return await leave(context, shown, 'words');
    const reading = await readHead(context, checks, shown.commit);
    const judged = await judgeIfDue(context, { shown, checks, reading });
    if (judged === 'nobody') return await leave(context, shown, undefined);
    if (judged) continue;
    if (await begin(context, shown, reading)) continue;
    const names = openNames(reading).slice(0, 10).join(', ');
    const retryAfterMs = nextLookMs(context, shown.commit);
    throw new AppError('checks-awaited', `checks of others have not ended: ${names}`, { retryAfterMs });
  }
}

interface Looked {
  readonly shown: ShownCommit;
  readonly checks: CheckPorts;
  readonly reading: HeadReading;
}

/** False: it is to be waited on. True: the judgement stands in the journal. */
async function judgeIfDue(
  context: RunContext,
  { shown, checks, reading }: Looked,
): Promise<boolean | 'nobody'> {
  const moved = openOne(context, shown.commit) && (await movedAway(context, shown.commit));
  const ageMs = ageMsOf(context, shown.commit);
  const isOver = moved !== undefined || ageMs >= checksWaitMs(context);
  const isOpen = openNames(reading).length > 0;
  if (isOpen && !isOver && ageMs >= graceMs(context)) return false;
  const whole: Reading = { ...reading, ...(await readBefore(context, checks, reading.sources)) };
  if (!isChecked(whole)) return 'nobody';
  const comes = ageMs < graceMs(context) && expectedNames(whole).length > 0;
  if ((isOpen || comes) && !isOver) return false;
  await judge(context, { shown, checks, reading }, whole);
  return true;
}

async function judge(context: RunContext, { shown, checks, reading }: Looked, whole: Reading): Promise<void> {
  const { round, commit } = shown;
  const judged = judgeChecks(whole);
  const decision = (await movedAway(context, commit)) ?? decide(judged, mendingOf(context));
  const feedback =
    decision.outcome === 'fix' ? await feedbackOf(context, { checks, reading }, { whole, judged }) : '';
  const unread = checkSources.filter((source) => !reading.sources.includes(source));
  await context.append(
    { kind: 'checks.judged', round, sha: commit, ...decision, checks: judged, unread, feedback },
    `checks.judged:${commit}`,
  );
}

/** Commits of others are not ours to go on from, and what CI says of them is not about our work. */
async function movedAway(context: RunContext, commit: CommitId): Promise<Decision | undefined> {
  const { head } = context.fact('base.chosen');
  if ((await context.ports.pusher.remoteTip(context.run, head)) === commit) return undefined;
  const why = 'The branch was changed by somebody else after it was pushed, so it is left to them.';
  return { outcome: 'ask', why };
}

function mendingOf(context: RunContext) {
  const { solver, stopReason } = context.fact('solver.finished');
  const tried = context.entries.filter(
    ({ event }) => event.kind === 'publication.reopened' && event.why === 'checks',
  ).length;
  return {
    tried,
    triesMax: mendingRoundsMax,
    canMend: solver === 'model' && stopReason === 'finished',
    waitedMinutes: Math.round(checksWaitMs(context) / minute),
  };
}

async function feedbackOf(
  context: RunContext,
  { checks, reading }: Pick<Looked, 'checks' | 'reading'>,
  { whole, judged }: { readonly whole: Reading; readonly judged: ReturnType<typeof judgeChecks> },
): Promise<string> {
  const broken = new Set(
    judged.filter(({ state, class: why }) => state === 'red' && why === 'ours').map(({ name }) => name),
  );
  const failed = latestOf(whole.head).filter(({ state, name }) => state === 'red' && broken.has(name));
  const told = [];
  for (const check of failed.slice(0, checksToldMax))
    told.push({
      check,
      words: await checks.reader.words(addressOf(context.run), check, reading.sources),
    });
  return checkFeedback(told);
}

/** True for words to the agent, which stay where they are; everything else is taken. */
async function takeMessages(context: RunContext): Promise<boolean> {
  if (await wordsWait(context)) return true;
  for (const message of await context.pendingMessages()) {
    if (message.kind === 'event') await takeMessage(context, message, 'the checks were looked at again');
    if (message.kind === 'approve') await takeMessage(context, message, 'nothing waited for an approval');
    if (message.kind === 'resume') await takeMessage(context, message, 'the run was not paused');
  }
  return false;
}

/** True when the wait began just now: what ended before it was written down told nobody, so it is looked again. */
async function begin(context: RunContext, shown: ShownCommit, reading: HeadReading): Promise<boolean> {
  if (openOne(context, shown.commit)) return false;
  const ended = context.entries.filter(
    ({ event }) => event.kind === 'wait.begun' && event.wait.id.startsWith(`checks:${shown.commit}:`),
  ).length;
  const untilMs = publishedAt(context, shown.commit).getTime() + checksWaitMs(context);
  await beginWait(context, {
    id: `checks:${shown.commit}:${1 + ended}`,
    kind: 'checks',
    sha: shown.commit,
    pull: shown.number,
    names: openNames(reading).slice(0, 50),
    until: new Date(untilMs).toISOString(),
  });
  await shown.tell();
  return true;
}

async function leave<T>(context: RunContext, { commit }: ShownCommit, outcome: T): Promise<T> {
  const wait = openOne(context, commit);
  if (!wait) return outcome;
  const text = outcome === 'words' ? 'somebody said something to the agent' : 'the checks have ended';
  await context.append(
    { kind: 'wait.ended', waitId: wait.id, outcome: 'resumed', by: null, text },
    `wait-over:${wait.id}`,
  );
  return outcome;
}

function openOne(context: RunContext, commit: CommitId): ChecksWait | undefined {
  const begun = context.last(
    'wait.begun',
    ({ wait }) => wait.kind === 'checks' && wait.sha === commit && !endOf(context, wait),
  );
  return begun?.wait.kind === 'checks' ? begun.wait : undefined;
}

function nextLookMs(context: RunContext, commit: CommitId): number {
  const ageMs = ageMsOf(context, commit);
  const again = context.ports.limits.checksRereadMs ?? rereadMs;
  const due = [graceMs(context) - ageMs, checksWaitMs(context) - ageMs].filter((ms) => ms > 0);
  return Math.max(1_000, Math.min(again, ...due));
}

function ageMsOf(context: RunContext, commit: CommitId): number {
  return context.ports.clock.now().getTime() - publishedAt(context, commit).getTime();
}

function publishedAt(context: RunContext, commit: CommitId): Date {
  const sent = context.entryOf('effect.sent', (event) => isPublished(event) && event.result.sha === commit);
  return sent?.at ?? context.run.createdAt;
}

function graceMs({ ports }: RunContext): number {
  return ports.limits.checksGraceMs ?? 0;
}

function checksWaitMs({ ports }: RunContext): number {
  return ports.limits.checksWaitMs ?? 0;
}
