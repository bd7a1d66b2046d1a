import { createHash } from 'node:crypto';
import { AppError } from '../../src/domain/app-error.ts';
import type { DeliveryOutcome, DeliveryRow, NewDelivery } from '../../src/domain/delivery.ts';
import type { EffectRecord } from '../../src/domain/effect.ts';
import type { RunId } from '../../src/domain/ids.ts';
import type { JournalEntry } from '../../src/domain/journal.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import type { KnownRepository } from '../../src/domain/known-repository.ts';
import type { Lease, NewRun, ParkCause, Run, RunState } from '../../src/domain/run.ts';
import type { RunMessage } from '../../src/domain/run-inbox.ts';
import type { Spend } from '../../src/domain/spend.ts';
import type { SimulatedProcess } from './scheduler.ts';
import type { Simulation } from './simulation.ts';

/** A worker's session: what it claimed is free as soon as this is over, also when its process opens another one. */
export interface Session {
  readonly process: SimulatedProcess;
  isOpen: boolean;
  beatAtMs: number;
}

/** Whether a claim of an answer still stands; no world has another kind of claim. */
export function isHeld(
  { replies }: MemoryDatabase,
  { key, token }: { readonly key: string; readonly token: string },
): boolean {
  const known = replies.get(key);
  return known !== undefined && !known.isDone && String(known.claims) === token;
}

export function isGone({ process, isOpen }: Session): boolean {
  return !process.alive || !isOpen;
}

export interface DeliveryRecord extends NewDelivery {
  readonly seq: number;
  readonly subject: string | null;
  readonly receivedAt: Date;
  state: DeliveryRow['state'];
  attempts: number;
  claims: number;
  claimedBy: Session | null;
  trouble: string | null;
  outcome: DeliveryOutcome | null;
  visibleAtMs: number;
}

export interface ReplyRecord {
  claimedBy: Session | null;
  claimedAtMs: number;
  isDone: boolean;
  /** How often it was claimed: what tells one claim from another. */
  claims: number;
}

export interface RunRow {
  readonly seq: number;
  readonly newRun: NewRun;
  readonly createdAt: Date;
  readonly events: JournalEntry[];
  readonly keys: Map<string, number>;
  readonly effects: Map<string, EffectRecord>;
  /** By key; `day` is that of the reservation. */
  readonly spend: Map<string, Spend & { readonly day: string }>;
  state: RunState;
  epoch: number;
  worker: Session | null;
  trackingIssue: number | null;
  cancelReason: string | null;
  parkCause: ParkCause | null;
  crashes: number;
  priority: number;
  readyAtMs: number;
  announced: boolean;
  announcingUntilMs: number;
  endedAt: Date | null;
  told: boolean;
  tellAfterMs: number;
}

export interface RateRow {
  nextWriteAtMs: number;
  holder: { readonly process: SimulatedProcess; readonly ticket: number; renews: boolean } | null;
  heldUntilMs: number;
  pausedUntilMs: number;
  strikes: number;
  line: {
    readonly ticket: number;
    readonly process: SimulatedProcess;
    readonly priority: number;
    readonly seenAtMs: number;
  }[];
  created: number[];
}

/** What Postgres holds in a simulation, with its unique keys, its fence and its clock. */
export interface MemoryDatabase {
  readonly simulation: Simulation;
  readonly deliveries: Map<string, DeliveryRecord>;
  readonly runs: Map<RunId, RunRow>;
  readonly messages: RunMessage[];
  readonly replies: Map<string, ReplyRecord>;
  readonly rates: Map<number, RateRow>;
  readonly turns: Map<number, number>;
  readonly bookmarks: Map<string, Date>;
  readonly repositories: Map<number, KnownRepository>;
  readonly blobs: Map<string, Buffer>;
  /** Leases and listeners of each process, told as NOTIFY tells them. */
  readonly listeners: Set<{ readonly process: SimulatedProcess; readonly hear: (news: News) => void }>;
}

export type News =
  | { readonly channel: 'run' | 'delivery' }
  | { readonly channel: 'cancel'; readonly runId: RunId; readonly reason: string }
  | { readonly channel: 'lost'; readonly runId: RunId; readonly epoch: number };

export function createMemoryDatabase(simulation: Simulation): MemoryDatabase {
  return {
    simulation,
    deliveries: new Map(),
    runs: new Map(),
    messages: [],
    replies: new Map(),
    rates: new Map(),
    turns: new Map(),
    bookmarks: new Map(),
    repositories: new Map(),
    blobs: new Map(),
    listeners: new Set(),
  };
}

const openStates: readonly RunState[] = ['queued', 'running', 'parked'];

export function isOpen({ state }: RunRow): boolean {
  return openStates.includes(state);
}

/** Notifications reach who listens after the commit; a process that is stopped hears of them when it goes on. */
export function notify({ listeners, simulation }: MemoryDatabase, news: News): void {
  const { scheduler, random } = simulation;
  for (const { process, hear } of listeners) {
    const dueMs = scheduler.nowMs + random.between(0, 5);
    scheduler.at(process, `hears ${news.channel}`, { dueMs, resume: () => hear(news) });
  }
}

/** The row of a lease that is still the newest; what the fence of every write does. */
export function fenced({ runs, simulation }: MemoryDatabase, lease: Pick<Lease, 'runId' | 'epoch'>): RunRow {
  const row = runs.get(lease.runId);
  const holds = row?.state === 'running' && row.epoch === lease.epoch;
  if (row && (holds || (simulation.weakness === 'unfenced' && isOpen(row)))) return row;
  throw new AppError('lease-lost', `run ${lease.runId}: epoch ${lease.epoch} is over`);
}

/** When, under which key, and by the owner of which epoch; default the row's. */
export interface Written {
  readonly at: Date;
  readonly key?: string | undefined;
  readonly epoch?: number;
}

/** The journal of a run whose row is locked: contiguous, keyed, hash-chained. */
export function appendTo(row: RunRow, event: JournalEvent, written: Written): number {
  const { at, key, epoch = row.epoch } = written;
  const known = key === undefined ? undefined : row.keys.get(key);
  if (known !== undefined) return known;
  const seq = row.events.length + 1;
  const text = JSON.stringify(event);
  const runId = row.newRun.id;
  const hash = chainHash(row.events.at(-1)?.hash ?? '', { runId, seq, epoch, text });
  row.events.push({ runId, seq, epoch, at, event: JSON.parse(text), hash, key: key ?? null });
  if (key !== undefined) row.keys.set(key, seq);
  return seq;
}

export function brokenAt(row: RunRow): number | null {
  let previous = '';
  for (const [index, entry] of row.events.entries()) {
    const { runId, seq, epoch, event, hash } = entry;
    const text = JSON.stringify(event);
    if (seq !== index + 1 || hash !== chainHash(previous, { runId, seq, epoch, text })) return seq;
    previous = hash;
  }
  return null;
}

function chainHash(
  previous: string,
  entry: { readonly runId: string; readonly seq: number; readonly epoch: number; readonly text: string },
): string {
  const { runId, seq, epoch, text } = entry;
  return createHash('sha256').update(`${previous}\n${runId}\n${seq}\n${epoch}\n${text}`).digest('hex');
}

export function toRun(row: RunRow): Run {
  const { newRun, trackingIssue, state, epoch, cancelReason, crashes, createdAt, endedAt } = row;
  return { ...newRun, trackingIssue, state, epoch, cancelReason, crashes, createdAt, endedAt };
}

export function totalOf(spend: RunRow['spend']): Spend {
  const rows = [...spend.values()];
  return {
    usd: rows.reduce((sum, { usd }) => sum + usd, 0),
    tokens: rows.reduce((sum, { tokens }) => sum + tokens, 0),
  };
}

/** How many of its installation wait before it. */
export function placeOf({ runs }: MemoryDatabase, row: RunRow): number {
  return [...runs.values()].filter(
    ({ state, seq, newRun }) =>
      state === 'queued' && seq < row.seq && newRun.installationId === row.newRun.installationId,
  ).length;
}
