import type { JournalEvent } from '../../domain/journal-event.ts';
import type { RestoredEntry, RestoredRun } from '../../domain/journal-ref.ts';
import type { NewRun, Run } from '../../domain/run.ts';
import { entryHash, type ReadEvents } from './read-events.ts';
import type { RunFile } from './run-file.ts';

/** What a restore makes of a run. */
export type RestoreKind = 'finished' | 'continues' | 'restarts';

/** Effects that a run which starts again must not repeat; what it pushes or opens it decides anew. */
const keptOnRestart = new Set(['reaction.add', 'comment.create', 'tracking.update', 'tracking-issue.open']);

/**
 * The rows of one run. A finished run stays as it was. An open one goes on where its journal is whole, or where its
 * commit was pushed already (what follows needs no conversation); otherwise it starts again, with its spend and with
 * the effects that people have seen.
 */
export function planRestore(
  file: RunFile,
  events: ReadEvents,
  source: { readonly commit: string; readonly at: Date },
): { readonly kind: RestoreKind; readonly restored: Omit<RestoredRun, 'blobs'> } {
  const kind = kindOf(file, events);
  const entries = keptEntries(kind, file, events.entries);
  const end = endOf(events.entries);
  const restored = {
    run: newRunOf(file.run),
    state: end?.event.state ?? 'queued',
    epoch: Math.max(file.run.epoch, ...entries.map(({ epoch }) => epoch)),
    summary: end?.event.end.summary ?? null,
    createdAt: new Date(file.run.createdAt),
    endedAt: end?.at ?? null,
    entries: [...entries, noteOf(file, entries, { kind, ...source })],
    effects:
      kind === 'restarts' ? file.effects.filter((effect) => keptOnRestart.has(effect.kind)) : file.effects,
    spend: file.spend,
  } as const;
  return { kind, restored };
}

function kindOf(file: RunFile, { entries, conversationWhole }: ReadEvents): RestoreKind {
  if (endOf(entries)) return 'finished';
  if (published(file).length > 0 && !goesOnAfterwards(entries)) return 'continues';
  return file.mode === 'full' && conversationWhole ? 'continues' : 'restarts';
}

/** Whose draft waited for a budget has work before it, for which it needs its conversation. */
function goesOnAfterwards(entries: readonly RestoredEntry[]): boolean {
  return entries.some(({ event: text }) => {
    const event = eventOf(text);
    return event.kind === 'wait.begun' && event.wait.kind === 'budget';
  });
}

/** Keys of the effects that put work on the branch. */
function published(file: RunFile): readonly string[] {
  return file.effects
    .filter(({ kind, state, result }) => {
      const isPush = kind === 'branch.push' || kind === 'commit.publish';
      return isPush && state === 'done' && result?.outcome !== 'rejected';
    })
    .map(({ key }) => key);
}

/** A commit that never left the lost machine is made again: it comes out the same, because it depends on the journal alone. */
function keptEntries(
  kind: RestoreKind,
  file: RunFile,
  entries: readonly RestoredEntry[],
): readonly RestoredEntry[] {
  if (kind === 'restarts') return entries.slice(0, 1);
  if (kind === 'finished') return entries;
  const sent = published(file);
  const lost = entries.findIndex(({ event, key }) => {
    if (eventOf(event).kind !== 'commit.made') return false;
    const number = key?.slice('commit.made'.length) ?? '';
    return !sent.includes(`commit${number}`) && !sent.includes(`push${number}`);
  });
  return lost === -1 ? entries : entries.slice(0, lost);
}

function endOf(entries: readonly RestoredEntry[]) {
  for (const { event: text, at } of entries) {
    const event = eventOf(text);
    if (event.kind === 'run.ended') return { event, at };
  }
  return undefined;
}

function eventOf(text: string): JournalEvent {
  return JSON.parse(text) as JournalEvent;
}

function noteOf(
  file: RunFile,
  entries: readonly RestoredEntry[],
  source: { readonly kind: RestoreKind; readonly commit: string; readonly at: Date },
): RestoredEntry {
  const last = entries.at(-1);
  const seq = (last?.seq ?? 0) + 1;
  const epoch = last?.epoch ?? 0;
  const how = {
    finished: 'it was finished',
    continues: 'it goes on where it was',
    restarts: 'it starts again, because the conversation is not in the journal ref',
  }[source.kind];
  const note: JournalEvent = {
    kind: 'note',
    level: 'info',
    text: `The run was restored from its journal ref (${source.commit.slice(0, 12)}): ${how}.`,
  };
  const event = JSON.stringify(note);
  const at = source.at;
  const line = { seq, epoch, at: at.toISOString() };
  return { seq, epoch, at, key: null, event, hash: entryHash(last?.hash ?? '', file.run.id, line, event) };
}

/** The row's own columns are dropped: what never changes is what is kept as text. */
function newRunOf(run: Run): NewRun {
  const { state: _s, epoch: _e, cancelReason: _r, crashes: _c, createdAt: _a, endedAt: _d, ...rest } = run;
  return rest;
}
