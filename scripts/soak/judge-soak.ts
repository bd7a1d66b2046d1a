import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { runAudit } from '../../src/app/audit/run-audit.ts';
import { openStore } from '../../src/store/open-store.ts';
import { silentLog as log } from '../../test/support/silent-log.ts';
import type { EffectSink } from './effect-sink.ts';
import type { DeliveryPlan } from './plan-deliveries.ts';
import type { FaultCounts } from './soak-faults.ts';
import { effectKeys } from './soak-runs.ts';

export interface SoakOutcome {
  readonly plan: DeliveryPlan;
  readonly sent: {
    readonly acknowledged: ReadonlySet<string>;
    readonly refusedForged: number;
    readonly acceptedForged: number;
    readonly failed: number;
  };
  readonly faults: FaultCounts;
  readonly recovered: number;
  readonly seconds: number;
  readonly sink: EffectSink;
  readonly say: (line: string) => void;
}

/** A claim of a killed ingress is given again after 60 s. */
const processedMsMax = 900_000;

/** Waits until everything is processed, compares the database with what was sent, and prints it. True when all is well. */
export async function judgeSoak(databaseUrl: string, outcome: SoakOutcome): Promise<boolean> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await waitUntilProcessed(client, outcome.say);
    const { plan, sent, faults } = outcome;
    const { rows } = await client.query<{ guid: string; state: string }>(
      'select guid, state from pullwright.delivery',
    );
    const states = new Map(rows.map(({ guid, state }) => [guid, state]));
    const { rows: runs } = await client.query<{ keys: number; runs: number; issues: number }>(
      `select count(distinct trigger_key)::int as keys, count(*)::int as runs,
              count(distinct target_number)::int as issues from pullwright.run`,
    );
    const found = {
      lost: plan.guids.filter((guid) => !states.has(guid)).length,
      lostAfterAck: [...sent.acknowledged].filter((guid) => !states.has(guid)).length,
      unfinished: plan.guids.filter((guid) => states.has(guid) && states.get(guid) !== 'done').length,
      strangers: states.size - plan.guids.filter((guid) => states.has(guid)).length,
      doubleRuns: (runs[0]?.runs ?? 0) - (runs[0]?.issues ?? 0),
      missingRuns: plan.triggers - (runs[0]?.issues ?? 0),
      openRuns: await openRuns(client),
      doubleEffects: [...outcome.sink.made.values()].filter((times) => times > 1).length,
      missingEffects: await missingEffects(client, outcome.sink),
      auditViolations: await audit(databaseUrl, outcome.say),
    };
    const fired = {
      ...faults,
      duplicated: plan.duplicated,
      reordered: plan.reordered,
      forgedRefused: sent.refusedForged,
      unacknowledged: sent.failed,
      recovered: outcome.recovered,
    };
    outcome.say(`${await quarantined(client)} runs were given up after three crashes`);
    print(outcome, found, fired);
    return isClean(plan, found, fired) && sent.acceptedForged === 0;
  } finally {
    await client.end();
  }
}

type Counts = Readonly<Record<string, number>>;

function isClean(plan: DeliveryPlan, found: Counts, fired: Counts): boolean {
  const total = plan.deliveries.length - plan.forged;
  const isHard = plan.duplicated / total >= 0.3 && plan.reordered / plan.guids.length >= 0.2;
  return (
    isHard &&
    Object.values(found).every((count) => count === 0) &&
    Object.values(fired).every((count) => count > 0)
  );
}

function print({ plan, sent, seconds }: SoakOutcome, found: Counts, fired: Counts): void {
  const total = plan.deliveries.length;
  const lines = [
    `sent ${total} deliveries of ${plan.guids.length} events in ${seconds.toFixed(0)} s (${(total / seconds).toFixed(0)}/s); ${sent.acknowledged.size} events acknowledged`,
    `faults: ${words(fired)}`,
    `must be 0: ${words(found)}`,
    `${plan.triggers} triggers`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function words(counts: Counts): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

/** Until every delivery is done and every run over, or the time is up: then the counts say so. */
async function waitUntilProcessed(client: Client, say: (line: string) => void): Promise<void> {
  const deadline = performance.now() + processedMsMax;
  for (let round = 0; performance.now() < deadline; round++) {
    const { rows } = await client.query<{ waiting: number }>(
      "select count(*)::int as waiting from pullwright.delivery where state = 'waiting'",
    );
    const waiting = rows[0]?.waiting ?? 0;
    const open = await openRuns(client);
    if (waiting + open === 0) return;
    if (round % 20 === 0) say(`all sent; ${waiting} deliveries wait, ${open} runs are open`);
    await sleep(500);
  }
}

async function openRuns(client: Client): Promise<number> {
  const { rows } = await client.query<{ open: number }>(
    "select count(*)::int as open from pullwright.run where state in ('queued', 'running', 'parked')",
  );
  return rows[0]?.open ?? 0;
}

/** Effects of runs that went through. One given up after three crashes may lack the last. */
async function missingEffects(client: Client, sink: EffectSink): Promise<number> {
  const { rows } = await client.query<{ id: string }>(
    "select id from pullwright.run where state = 'refused'",
  );
  return rows.flatMap(({ id }) => effectKeys.filter((key) => !sink.made.has(`${id}/${key}`))).length;
}

async function quarantined(client: Client): Promise<number> {
  const { rows } = await client.query<{ given: number }>(
    "select count(*)::int as given from pullwright.run where state = 'failed'",
  );
  return rows[0]?.given ?? 0;
}

/** What `pullwright audit` would say of this database. */
async function audit(databaseUrl: string, say: (line: string) => void): Promise<number> {
  const store = await openStore({ url: databaseUrl, worker: 'soak-audit', log });
  try {
    const limits = { budgetUsd: 1, tokensMax: 1_000_000, deadlineMs: 24 * 3_600_000 };
    const { runs, violations } = await runAudit({ reads: store.audit, limits, attempted: null }, null);
    say(`audited ${runs} runs`);
    for (const { invariant, run, what } of violations.slice(0, 10)) say(`${invariant} ${run ?? ''} ${what}`);
    return violations.length;
  } finally {
    await store.close();
  }
}
