import type { Client } from 'pg';
import type { AttemptedDelivery } from '../../src/app/audit/invariant.ts';
import type { RunId, TreeId } from '../../src/domain/ids.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import type { ClaimedRun, NewRun } from '../../src/domain/run.ts';
import type { Store } from '../../src/store/open-store.ts';
import { modelEvents } from '../record/run-fixture.ts';
import { newRun } from '../support/new-run.ts';

/** What plants write into. */
export interface AuditedWorld {
  readonly store: Store;
  readonly client: Client;
  /** What GitHub lists. */
  readonly attempts: AttemptedDelivery[];
}

/** A credential of the audited installation. */
export const secret = 'webhook-secret-of-this-installation';

export function minutesAt(minutes: number): Date {
  return new Date(Date.parse('2026-11-01T10:00:00Z') + minutes * 60_000);
}

/** In the order of the invariants; null: the violation is no single run's. */
export function plantsOf({
  store,
  client,
  attempts,
}: AuditedWorld): Readonly<Record<string, () => Promise<RunId | null>>> {
  const healthyRun = (history: History = {}): Promise<RunId> => writeRun(store, history);
  const sql = (text: string, values: readonly unknown[]): Promise<void> => change(client, text, values);
  return {
    I1: async () => {
      attempts.push(
        { guid: 'never-arrived', at: minutesAt(0), acknowledged: false },
        { guid: 'newest-of-all', at: minutesAt(60), acknowledged: false },
      );
      return null;
    },
    I2: async () => {
      attempts.push({ guid: 'answered-and-gone', at: minutesAt(1), acknowledged: true });
      return null;
    },
    I3: async () => {
      const first = await healthyRun();
      const second = await healthyRun();
      const { rows } = await client.query('select trigger_key as key from pullwright.run where id = $1', [
        first,
      ]);
      await sql(
        'update pullwright.run set trigger_key = $2, new_run = replace(new_run, trigger_key, $2) where id = $1',
        [second, rows[0].key],
      );
      return second;
    },
    I4: async () => {
      const target = { kind: 'issue', number: 900, htmlUrl: 'http://127.0.0.1/900' } as const;
      const [one, other] = [newRun({ target }), newRun({ target: { ...target, number: 901 } })];
      await store.runs.create(one);
      await store.runs.create(other);
      await sql(
        "update pullwright.run set target_number = 900, new_run = replace(new_run, '901', '900') where id = $1",
        [other.id],
      );
      return other.id;
    },
    I5: () =>
      healthyRun({
        events: (events) => [
          ...events,
          { kind: 'effect.sent', effect: 'pull.open', key: 'pull-2', result: { outcome: 'sent', number: 9 } },
        ],
      }),
    I6: async () => {
      const run = await healthyRun();
      await sql(
        "update pullwright.run_event set event = replace(event, 'NaN', 'Nan') || ' ' where run_id = $1 and seq = 4",
        [run],
      );
      return run;
    },
    I7: async () => {
      const run = await healthyRun();
      await sql('update pullwright.effect set epoch = 99 where run_id = $1 and key = $2', [run, 'push']);
      return run;
    },
    I8: async () => {
      const run = await healthyRun();
      await sql(
        "insert into pullwright.effect (run_id, key, kind, state, epoch) values ($1, 'late', 'comment.create', 'intended', 1)",
        [run],
      );
      return run;
    },
    I9: () =>
      healthyRun({
        events: (events) => [...events, ...events.filter(({ kind }) => kind === 'effect.sent').slice(0, 1)],
      }),
    I10: () =>
      healthyRun({
        events: (events) =>
          events.map((event) =>
            event.kind === 'effect.sent' && event.effect === 'branch.push'
              ? { ...event, result: { ...event.result, from: 'e'.repeat(40) } }
              : event,
          ),
      }),
    I11: () =>
      healthyRun({ run: { branches: { base: 'main', head: 'release', headSha: null } }, head: 'release' }),
    I12: async () => {
      const run = newRun();
      await store.runs.create(run);
      await sql("update pullwright.run set created_at = now() - interval '2 days' where id = $1", [run.id]);
      return run.id;
    },
    I13: () =>
      healthyRun({
        events: (events) =>
          events.flatMap((event): readonly JournalEvent[] =>
            event.kind === 'step.finished' && event.step === 'recon'
              ? [event, { kind: 'step.started', step: 'publish', round: 1 }]
              : [event],
          ),
      }),
    I14: async () => {
      const run = await healthyRun();
      await sql('update pullwright.run set spent_usd = 5 where id = $1', [run]);
      return run;
    },
    I15: async () => {
      await sql(
        `insert into pullwright.rate_turn (ticket, installation_id, granted_at, interval_ms) values
          (gen_random_uuid(), 7, now() - interval '1 minute', 1000),
          (gen_random_uuid(), 7, now() - interval '59.6 seconds', 1000)`,
        [],
      );
      return null;
    },
    I16: () =>
      healthyRun({
        events: (events) => [
          ...events,
          { kind: 'note', level: 'info', text: `found: ${Buffer.from(`x=${secret}`).toString('hex')}` },
        ],
      }),
    I17: async () => {
      const run = await healthyRun();
      await sql('update pullwright.run set installation_id = 8 where id = $1', [run]);
      return run;
    },
    I18: () => healthyRun({ run: { requestedByRole: 'triage' } }),
    I19: () =>
      healthyRun({
        events: (events) =>
          events.map((event) =>
            event.kind === 'commit.made' ? { ...event, treeId: 'f'.repeat(40) as TreeId } : event,
          ),
      }),
    I20: () =>
      healthyRun({
        events: (events) => [
          ...events.map((event) =>
            event.kind === 'gate.judged' && event.verdict.gate === 'tests'
              ? { ...event, verdict: { ...event.verdict, status: 'fail' as const } }
              : event,
          ),
          { kind: 'effect.sent', effect: 'pull.ready', key: 'ready', result: { outcome: 'sent' } },
        ],
      }),
    I21: () =>
      healthyRun({
        events: (events) => [
          {
            kind: 'setup.finished',
            tree: 'base',
            treeId: 'd'.repeat(40) as TreeId,
            runs: [],
            deniedHosts: [],
            registries: ['registry.example', 'private:nexus.corp:8443'],
            reached: ['registry.example:443', 'nexus.corp:8443', 'evil.example:443'],
          },
          ...events,
        ],
      }),
    I22: () => healthyRun({ events: (events) => events.filter(({ kind }) => kind !== 'plan.made') }),
    I23: async () => {
      const run = newRun();
      await store.runs.create(run);
      const claimed = await claim(store, run.id);
      const outage = { code: 'github-unavailable', message: 'no answer', delayMs: 600_000 };
      await store.journal.append(claimed.lease, { kind: 'run.retried', attempt: 1, ...outage });
      await claimed.release({ delayMs: 0, reason: 'an outage', cause: 'provider' });
      await claim(store, run.id);
      return run.id;
    },
    I24: () =>
      healthyRun({
        events: (events) =>
          events.map((event) =>
            event.kind === 'effect.sent' && event.effect === 'pull.open'
              ? {
                  ...event,
                  result: { ...event.result, text: { sha256: '0'.repeat(64), chars: 9, live: ['an image'] } },
                }
              : event,
          ),
      }),
  };
}

interface History {
  readonly run?: Partial<NewRun>;
  readonly head?: string;
  readonly events?: (events: readonly JournalEvent[]) => readonly JournalEvent[];
}

/** A whole run, written through the store as the bot does it. */
export async function writeRun(store: Store, history: History = {}): Promise<RunId> {
  const run = newRun({ trackingIssue: 7, ...history.run });
  await store.runs.create(run);
  const claimed = await claim(store, run.id);
  const events = wholeRun(history.head ?? run.branches.head);
  for (const event of history.events ? history.events(events) : events) await write(store, claimed, event);
  const end = { state: 'published', summary: '#8 is open' } as const;
  await store.journal.append(claimed.lease, { kind: 'run.ended', state: 'published', end }, 'run.ended');
  await write(store, claimed, {
    kind: 'effect.sent',
    effect: 'tracking.update',
    key: 'tracking',
    result: { outcome: 'sent', id: 1 },
  });
  await store.runs.finish(claimed.lease, end);
  return run.id;
}

/** Open runs of other plants are passed over and stay claimed. */
async function claim(store: Store, id: RunId): Promise<ClaimedRun> {
  for (let tries = 0; tries < 20; tries++) {
    const claimed = await store.queue.claim();
    if (claimed?.run.id === id) return claimed;
  }
  throw new Error('the run cannot be claimed');
}

async function write(store: Store, { lease }: ClaimedRun, event: JournalEvent): Promise<void> {
  if (event.kind !== 'effect.sent') {
    await store.journal.append(lease, event);
    return;
  }
  await store.effects.intend(lease, event.key, event.effect, { idempotent: true });
  await store.effects.resolve(lease, event.key, event.effect, event.result);
}

function wholeRun(head: string): readonly JournalEvent[] {
  const detected = { ecosystems: [], fetch: [], build: [], lint: [], typecheck: [], test: [], notes: [] };
  return [
    { kind: 'config.read', found: false, problems: [], config: {} },
    { kind: 'commands.detected', commands: detected },
    ...modelEvents
      .filter(({ kind }) => kind !== 'run.created' && kind !== 'run.claimed')
      .map((event) => (event.kind === 'base.chosen' ? { ...event, head } : event)),
  ];
}

async function change(client: Client, text: string, values: readonly unknown[]): Promise<void> {
  const { rowCount } = await client.query(text, [...values]);
  if (rowCount === 0) throw new Error('the plant changed nothing');
}
