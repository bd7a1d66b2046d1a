import type { JournalEntry } from '../domain/journal.ts';
import type { JournalEvent } from '../domain/journal-event.ts';
import type { PullStyle } from '../domain/pull-style.ts';
import type { Run } from '../domain/run.ts';
import { isPublished } from './is-published.ts';
import { projectChecks } from './project-checks.ts';
import { projectPeople } from './project-people.ts';
import { projectRound } from './project-round.ts';
import { projectSpend } from './project-spend.ts';
import { projectSteps } from './project-steps.ts';
import type { PullRecord, ReviewRecord, RunRecord, SolverRecord } from './run-record.ts';

type EventOf<Kind extends JournalEvent['kind']> = Extract<JournalEvent, { kind: Kind }>;

/** Reads a run's journal into what people are told. Pure: equal entries give equal records, also half-way. */
export function projectRun(run: Run, entries: readonly JournalEntry[]): RunRecord {
  const events = entries.map(({ event }) => event);
  const effects = all(events, 'effect.sent');
  return {
    run,
    steps: projectSteps(events),
    ...projectPlan(events),
    decisions: all(events, 'decision.recorded').map(({ decision }) => decision),
    ...projectRecon(events),
    ...projectVerdicts(events),
    solver: projectSolver(events),
    merge: last(events, 'base.merged') ?? null,
    claimsInvestigation: last(events, 'claims.investigated')?.answer ?? null,
    ...projectCommit(events),
    review: projectReview(events),
    ...projectStyle(events),
    evidenceKey: last(events, 'evidence.signed')?.keyId ?? null,
    ...projectBranch(run, events),
    checks: projectChecks(events),
    effects: effects.map(({ effect, key, result }) => ({ effect, key, result })),
    ...projectSpend(events),
    instructionFiles: last(events, 'instructions.read')?.files ?? [],
    dropped: [
      ...(last(events, 'run.created')?.dropped ?? run.input.dropped),
      ...(last(events, 'instructions.read')?.dropped ?? []),
    ],
    notes: projectNotes(events),
    ...projectEnd(events),
    ...projectPeople(events),
    round: projectRound(run, events),
    ...projectTimes(entries),
  };
}

type Events = readonly JournalEvent[];

function projectPlan(events: Events): Pick<RunRecord, 'planSummary' | 'risk' | 'solverName' | 'plan'> {
  const made = last(events, 'plan.made');
  return {
    planSummary: made?.summary ?? '',
    risk: made?.risk ?? '',
    solverName: made?.solver ?? null,
    plan: lastOf(events, ['plan.made', 'plan.updated'])?.steps ?? [],
  };
}

function projectRecon(
  events: Events,
): Pick<RunRecord, 'base' | 'ground' | 'commands' | 'baseline' | 'engines' | 'deniedHosts' | 'layer'> {
  const chosen = last(events, 'base.chosen');
  return {
    base: chosen ? { branch: chosen.base, sha: chosen.baseSha, head: chosen.head } : null,
    ground: groundOf(events),
    commands: last(events, 'commands.detected')?.commands ?? null,
    baseline: last(events, 'baseline.finished')?.tests ?? null,
    engines: all(events, 'sandbox.chosen').map(({ engine, version }) => ({ engine, version })),
    deniedHosts: [...new Set(all(events, 'setup.finished').flatMap(({ deniedHosts }) => deniedHosts))],
    layer: last(events, 'setup.finished')?.layer ?? null,
  };
}

function groundOf(events: Events): RunRecord['ground'] {
  const chosen = last(events, 'ground.chosen');
  if (chosen) return { sha: chosen.commit, isEarlier: true };
  const start = last(events, 'base.chosen');
  return start ? { sha: start.startSha, isEarlier: false } : null;
}

function projectCommit(events: Events): Pick<RunRecord, 'files' | 'commit'> {
  const made = last(events, 'commit.made');
  const published = all(events, 'effect.sent').findLast(isPublished);
  const files = made?.files ?? last(events, 'review.settled')?.files ?? [];
  return { files, commit: published?.result.sha ?? made?.commit ?? null };
}

function projectReview(events: Events): ReviewRecord | null {
  const settled = last(events, 'review.settled');
  const chosen = last(events, 'base.chosen');
  if (!settled || !chosen?.reviewed) return null;
  return { ...settled, sha: chosen.reviewed.sha, startSha: chosen.startSha };
}

function projectStyle(events: Events): Pick<RunRecord, 'template' | 'titleStyle'> {
  const config = last(events, 'config.read')?.config as { readonly pull?: PullStyle } | undefined;
  return {
    template: last(events, 'pull.conventions')?.template ?? null,
    titleStyle: config?.pull?.title ?? 'plain',
  };
}

function all<Kind extends JournalEvent['kind']>(
  events: readonly JournalEvent[],
  kind: Kind,
): readonly EventOf<Kind>[] {
  return events.filter((event): event is EventOf<Kind> => event.kind === kind);
}

function last<Kind extends JournalEvent['kind']>(
  events: readonly JournalEvent[],
  kind: Kind,
): EventOf<Kind> | undefined {
  return lastOf(events, [kind]);
}

function lastOf<Kind extends JournalEvent['kind']>(
  events: readonly JournalEvent[],
  kinds: readonly Kind[],
): EventOf<Kind> | undefined {
  return events.findLast((event): event is EventOf<Kind> =>
    (kinds as readonly string[]).includes(event.kind),
  );
}

function projectVerdicts(events: readonly JournalEvent[]): Pick<RunRecord, 'verdicts' | 'rounds'> {
  const judged = all(events, 'gate.judged');
  const rounds = Math.max(
    0,
    ...judged.map(({ round }) => round),
    ...all(events, 'solver.finished').map(({ round }) => round),
  );
  const newest = judged.at(-1)?.round;
  const byGate = new Map(
    judged.filter(({ round }) => round === newest).map(({ verdict }) => [verdict.gate, verdict]),
  );
  return { verdicts: [...byGate.values()], rounds };
}

function projectSolver(events: readonly JournalEvent[]): SolverRecord | null {
  const finished = last(events, 'solver.finished');
  if (!finished) return null;
  const { solver, round, stopReason, summary, notDone, details } = finished;
  return { solver, round, stopReason, summary, notDone, details };
}

/** What is left of the run on its branch and beside it. */
function projectBranch(run: Run, events: Events): Pick<RunRecord, 'checkpoints' | 'undo' | 'pull'> {
  const undo = last(events, 'undo.planned') ?? null;
  return {
    checkpoints: last(events, 'checkpoints.kept')?.trees ?? [],
    undo,
    pull: projectPull(run, all(events, 'effect.sent'), undo?.pull ?? null),
  };
}

/** A run on a pull request works on that one; otherwise the one that it opened, or whose branch it took back. */
function projectPull(
  run: Run,
  effects: readonly EventOf<'effect.sent'>[],
  undone: number | null,
): PullRecord | null {
  if (run.target.kind === 'pull-request') {
    return { number: run.target.number, url: run.target.htmlUrl, draft: false };
  }
  if (undone !== null)
    return { number: undone, url: `${run.repository.htmlUrl}/pull/${undone}`, draft: false };
  let pull: PullRecord | null = null;
  for (const { effect, result } of effects) {
    if (result.outcome === 'rejected') continue;
    if (effect === 'pull.open' && result.number !== undefined) {
      pull = { number: result.number, url: result.url ?? '', draft: result.draft ?? true };
    }
    if (effect === 'pull.ready' && pull) pull = { ...pull, draft: false };
  }
  return pull;
}

function projectNotes(events: readonly JournalEvent[]): readonly string[] {
  const notes: string[] = [];
  for (const event of events) {
    if (event.kind === 'note') notes.push(event.text);
    if (event.kind === 'base.chosen') notes.push(...event.notes);
    if (event.kind === 'commands.detected') notes.push(...event.commands.notes);
    if (event.kind === 'instructions.read') notes.push(...event.notFollowed.map(notFollowed));
    if (event.kind === 'config.read') notes.push(...event.problems);
    if (event.kind === 'workspace.prepared' && event.problem !== null) notes.push(event.problem);
  }
  return [...new Set(notes)];
}

function notFollowed(path: string): string {
  return `\`${path}\` of this branch was not followed: the one of the base branch counts.`;
}

function projectEnd(events: readonly JournalEvent[]): Pick<RunRecord, 'parkedReason' | 'parked' | 'end'> {
  const state = lastOf(events, ['run.parked', 'run.claimed', 'run.ended']);
  return {
    parkedReason: state?.kind === 'run.parked' ? state.reason : null,
    parked:
      state?.kind === 'run.parked' && state.cause && state.until
        ? { cause: state.cause, until: state.until }
        : null,
    end: last(events, 'run.ended')?.end ?? null,
  };
}

function projectTimes(entries: readonly JournalEntry[]): Pick<RunRecord, 'startedAt' | 'durationMs'> {
  const startedAt = entries[0]?.at ?? null;
  const until = entries.at(-1)?.at ?? null;
  return { startedAt, durationMs: startedAt && until ? until.getTime() - startedAt.getTime() : 0 };
}
