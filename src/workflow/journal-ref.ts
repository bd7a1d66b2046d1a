import { isAppError } from '../domain/app-error.ts';
import type { JournalEntry } from '../domain/journal.ts';
import type { JournalMode } from '../domain/journal-ref.ts';
import { journalFiles } from '../record/journal-ref/journal-files.ts';
import { PublishedJournal } from '../record/journal-ref/published-journal.ts';
import { publishableBlobs } from './journal-blobs.ts';
import { publishableCheckpoint } from './journal-checkpoint.ts';
import { entriesWithSecrets, textHasSecret } from './journal-scan.ts';
import type { JournalRefPorts } from './ports.ts';
import type { RunContext } from './run-context.ts';

type WrittenMode = Exclude<JournalMode, 'off'>;

/**
 * Writes the journal to the target repository when it grew. A ref that cannot be written is noted once and tried
 * again at the next checkpoint; it never fails a run. Throws `lease-lost` and `run-cancelled` only.
 */
export async function writeJournalRef(context: RunContext): Promise<void> {
  const { journalRef } = context.ports;
  // It would need a token that can write contents, which a review never has; its journal stays in the database.
  const isKept = journalRef !== undefined && context.run.trigger !== 'review';
  const mode = isKept ? modeOf(context, journalRef) : 'off';
  if (!journalRef || mode === 'off') return;
  const state = context.journalState;
  const turn = state.tail.then(() => guarded(context, journalRef, mode));
  state.tail = turn.catch(() => undefined);
  await turn;
}

/** The same while a step goes on: not more often than the limit. */
export async function writeJournalRefSometimes(context: RunContext): Promise<void> {
  const { clock, limits } = context.ports;
  const { journalState: state } = context;
  // The first step writes at its end.
  state.writtenAtMs ??= clock.monotonicMs();
  const sinceMs = clock.monotonicMs() - state.writtenAtMs;
  if (sinceMs >= (limits.journalMs ?? 30_000)) await writeJournalRef(context);
}

/** Before the configuration was read nothing is written: it may say `off`. One that is not valid gets the lesser. */
function modeOf(context: RunContext, { mode }: JournalRefPorts): JournalMode {
  const read = context.last('config.read');
  if (!read && !context.last('run.ended')) return 'off';
  const configured = modes.find((known) => known === read?.config['journal']);
  if (configured !== undefined) return configured;
  if (mode === 'off') return 'off';
  const valid = read !== undefined && read.problems.length === 0;
  const whole = mode === 'full' || (mode === 'auto' && context.run.repository.private);
  return valid && whole ? 'full' : 'record';
}

const modes: readonly JournalMode[] = ['full', 'record', 'off'];

async function guarded(context: RunContext, ref: JournalRefPorts, mode: WrittenMode): Promise<void> {
  try {
    await write(context, ref, mode);
  } catch (error) {
    if (isAppError(error, 'lease-lost')) throw error;
    // Our own database was away: whoever goes on with the run writes it, and a pull request need not tell of it.
    if (isAppError(error, 'postgres-unavailable')) throw error;
    // A cancelled run writes its end too: without it a restore would take the run up again.
    if (!context.last('run.ended')) {
      if (isAppError(error, 'run-cancelled')) throw error;
      context.checkLease();
    }
    await noteFailure(context, error instanceof Error ? error.message : String(error));
  }
}

async function write(context: RunContext, ref: JournalRefPorts, mode: WrittenMode): Promise<void> {
  const { run, lease, ports, journalState: state } = context;
  await context.refresh();
  const published = state.published?.mode === mode ? state.published : new PublishedJournal(mode);
  state.published = published;
  const fresh = context.entries.slice(published.lastSeq);
  if (!fresh.some(isProgress)) return;
  await publish(context, published, fresh);
  state.writtenAtMs = ports.clock.monotonicMs();
  const at = context.entries.at(-1)?.at ?? run.createdAt;
  const { tree, summary } = await publishableCheckpoint(context, ref, mode);
  const blobs = await publishableBlobs(context, published.entries);
  const facts = { format: 1, mode, run: await shownRun(context), ...(await ledgers(context, ref)) } as const;
  const files = new Map<string, string | Buffer>([
    ['events.jsonl', published.text()],
    ...journalFiles(facts, published.entries, { ...published.summary(), ...summary, ...blobs.summary }),
    ...blobs.files,
  ]);
  const made = await ref.commits.write(run, { files, checkpoint: tree, at });
  if (!made) return;
  const sent = await ports.effects.perform(run, lease, 'journal', { kind: 'journal.push', ...made });
  if (sent.outcome === 'rejected') await noteFailure(context, sent.message ?? 'no reason given');
}

/** Writing the journal and the tracking comment is journaled too; that alone is no reason to write it again. */
function isProgress({ event }: JournalEntry): boolean {
  return (
    event.kind !== 'effect.sent' || (event.effect !== 'journal.push' && event.effect !== 'tracking.update')
  );
}

async function publish(
  context: RunContext,
  published: PublishedJournal,
  fresh: readonly JournalEntry[],
): Promise<void> {
  const withheld = await entriesWithSecrets(fresh, published.mode, scanSignal(context));
  for (const entry of fresh) published.add(entry, withheld.has(entry.seq));
}

/** The end of a cancelled run is scanned although its signal has fired. */
function scanSignal({ lease }: RunContext): AbortSignal {
  const cancelled = lease.signal.aborted && isAppError(lease.signal.reason, 'run-cancelled');
  return cancelled ? new AbortController().signal : lease.signal;
}

async function ledgers(context: RunContext, { ledger }: JournalRefPorts) {
  const { run, ports } = context;
  return { effects: await ledger.list(run.id), spend: await ports.spend.total(run.id) };
}

/** The request itself was written by a person and may hold a secret that only the scanner knows. */
async function shownRun(context: RunContext): Promise<RunContext['run']> {
  const { run, journalState: state } = context;
  const { title, body, instruction } = run.input;
  state.inputHasSecret ??= await textHasSecret([title, body, instruction ?? ''], scanSignal(context));
  if (!state.inputHasSecret) return run;
  const hidden = '(withheld: it may hold a secret)';
  return { ...run, input: { ...run.input, title: hidden, body: hidden, instruction: null } };
}

async function noteFailure(context: RunContext, why: string): Promise<void> {
  context.ports.log.warn('journal-ref.not-written', { runId: context.run.id, cause: why.slice(0, 500) });
  const text = `The journal could not be written to the repository (it is tried again at the next checkpoint): ${why.slice(0, 300)}`;
  await context.append({ kind: 'note', level: 'warn', text }, 'journal-ref.failed');
}
