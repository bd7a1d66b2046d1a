import { AppError } from '../domain/app-error.ts';
import type { JournalEntry } from '../domain/journal.ts';
import type { JournalEvent } from '../domain/journal-event.ts';
import type { Lease, Run } from '../domain/run.ts';
import type { RunMessage } from '../domain/run-inbox.ts';
import { newJournalState } from './journal-state.ts';
import type { WorkflowPorts } from './ports.ts';

type Kind = JournalEvent['kind'];
type EventOf<K extends Kind> = Extract<JournalEvent, { kind: K }>;

/**
 * A run while a worker holds it: its row, its lease, and what its journal says. Steps take their facts from here
 * and from nowhere else, so that a step that starts again after a crash sees what the one before it saw.
 */
export class RunContext {
  readonly ports: WorkflowPorts;
  readonly lease: Lease;
  readonly journalState = newJournalState();
  #run: Run;
  #seenSeq = 0;
  readonly #entries: JournalEntry[];

  private constructor(run: Run, lease: Lease, ports: WorkflowPorts, entries: readonly JournalEntry[]) {
    this.#run = run;
    this.lease = lease;
    this.ports = ports;
    this.#entries = [...entries];
  }

  static async open(run: Run, lease: Lease, ports: WorkflowPorts): Promise<RunContext> {
    return new RunContext(run, lease, ports, await ports.journal.read(run.id));
  }

  get run(): Run {
    return this.#run;
  }

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** Throws the lease's reason (`lease-lost` or `run-cancelled`) when the run may not go on here. */
  checkLease(): void {
    if (this.lease.signal.aborted) throw abortReason(this.lease.signal);
  }

  /** Appends and takes in what the journal holds now. A key that was appended before changes nothing. */
  async append(event: JournalEvent, key?: string): Promise<void> {
    await this.ports.journal.append(this.lease, event, key);
    await this.refresh();
  }

  /** Takes in what others (the agent, the effects) appended for this run. */
  async refresh(): Promise<void> {
    const last = this.#entries.at(-1)?.seq ?? 0;
    const fresh = await this.ports.journal.read(this.run.id, last);
    // Progress is reported beside the step: another refresh may have ended while this one was reading.
    const known = this.#entries.at(-1)?.seq ?? 0;
    this.#entries.push(...fresh.filter(({ seq }) => seq > known));
  }

  /** What people said and no entry has taken yet, oldest first. */
  async pendingMessages(): Promise<readonly RunMessage[]> {
    const pending = await this.ports.inbox.pending(this.run.id);
    for (const { seq } of pending) this.#seenSeq = Math.max(this.#seenSeq, seq);
    return pending;
  }

  /** The newest message that was seen: a run that is given back must not wait when there is a newer one. */
  get seenSeq(): number {
    return this.#seenSeq;
  }

  /** The newest event of a kind that matches. */
  last<K extends Kind>(
    kind: K,
    matches: (event: EventOf<K>) => boolean = () => true,
  ): EventOf<K> | undefined {
    return this.entryOf(kind, matches)?.event as EventOf<K> | undefined;
  }

  entryOf<K extends Kind>(
    kind: K,
    matches: (event: EventOf<K>) => boolean = () => true,
  ): JournalEntry | undefined {
    return this.#entries.findLast(({ event }) => event.kind === kind && matches(event as EventOf<K>));
  }

  /** The same, where an earlier step must have written it. */
  fact<K extends Kind>(kind: K): EventOf<K> {
    const found = this.last(kind);
    if (!found) throw new AppError('internal', `the journal of ${this.run.id} lacks ${kind}`);
    return found;
  }

  /** Work whose result is journaled under a key: done once, read back afterwards. */
  async once<K extends Kind>(
    kind: K,
    key: string,
    matches: (event: EventOf<K>) => boolean,
    produce: () => Promise<EventOf<K>>,
  ): Promise<EventOf<K>> {
    const known = this.last(kind, matches);
    if (known) return known;
    this.checkLease();
    const event = await produce();
    await this.append(event, key);
    return event;
  }

  /** The run's row with the tracking issue that was found or opened for it. */
  async useTrackingIssue(issue: number): Promise<void> {
    await this.ports.runs.setTrackingIssue(this.lease, issue);
    this.#run = { ...this.#run, trackingIssue: issue };
  }
}

/** The AppError that a lease's signal carries. */
function abortReason(signal: AbortSignal): AppError {
  const reason: unknown = signal.reason;
  return reason instanceof AppError
    ? reason
    : new AppError('lease-lost', 'the lease ended', { cause: reason });
}
