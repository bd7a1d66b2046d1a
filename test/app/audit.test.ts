import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AttemptedDelivery } from '../../src/app/audit/invariant.ts';
import { invariants } from '../../src/app/audit/invariants.ts';
import { runAudit, type Violation } from '../../src/app/audit/run-audit.ts';
import { auditOnce } from '../../src/app/audit/start-audits.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import type { Store } from '../../src/store/open-store.ts';
import { openTestStore } from '../support/open-test-store.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { createTestDatabase } from '../support/test-database.ts';
import { minutesAt, plantsOf, secret, writeRun } from './planted-violations.ts';

const limits = {
  budgetUsd: 1,
  tokensMax: 1_000_000,
  deadlineMs: 24 * 3_600_000,
  secrets: [{ name: 'WEBHOOK_SECRET', value: secret }],
};
/** What GitHub lists; plants add to it. */
const attempts: AttemptedDelivery[] = [];
let database: { url: string; drop(): Promise<void> };
let store: Store;
let client: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await openTestStore(database.url);
  client = new Client({ connectionString: database.url });
  await client.connect();
  // What the database refuses is planted all the same: the auditor must not rely on it.
  await client.query('alter table pullwright.run_event disable trigger all');
  await client.query('alter table pullwright.run drop constraint run_trigger_key_key');
  await client.query('drop index pullwright.run_active');
});

afterAll(async () => {
  await client.end();
  await store.close();
  await database.drop();
});

describe('the auditor', () => {
  it('finds nothing on a healthy run, and says what it checked only in part', async () => {
    await writeRun(store);
    const { runs, violations, invariants: reports } = await audit();
    expect(violations).toEqual([]);
    expect(runs).toBe(1);
    expect(reports.map(({ id }) => id)).toEqual(Array.from({ length: 24 }, (_, index) => `I${index + 1}`));
    expect(reports.filter(({ state }) => state !== 'holds')).toEqual([]);
    const inPart = reports.filter(({ why }) => why.startsWith('partly: ')).map(({ id }) => id);
    expect(inPart).toEqual(['I2', 'I10', 'I13', 'I15', 'I16', 'I21', 'I23', 'I24']);
  });

  it('says what it needs to compare with GitHub where no App is configured', async () => {
    const { invariants: reports } = await runAudit({ reads: store.audit, limits, attempted: null }, null);
    const unchecked = reports.filter(({ state }) => state === 'not checked here');
    expect(unchecked).toEqual([
      {
        id: 'I1',
        title: 'no delivery is lost',
        state: 'not checked here',
        why: 'only where an App is configured',
      },
    ]);
  });

  it('compares with what GitHub attempted where an App is configured', async () => {
    const attempted = async (): Promise<readonly AttemptedDelivery[]> => [
      { guid: 'lost', at: minutesAt(0), acknowledged: false },
      { guid: 'too-new-to-tell', at: minutesAt(55), acknowledged: false },
      { guid: 'newest', at: minutesAt(60), acknowledged: false },
    ];
    const { violations } = await runAudit({ reads: store.audit, limits, attempted }, null);
    expect(violations).toEqual([
      { invariant: 'I1', run: null, what: 'GitHub attempted delivery lost, which is not stored' },
    ]);
  });

  it.each(invariants.map(({ id }) => id))('reports exactly %s when it is violated', async (id) => {
    const plant = plantsOf({ store, client, attempts })[id];
    if (!plant) throw new Error(`nothing is planted for ${id}`);
    const future = new Date(Date.now() + 3_600_000);
    const before = new Set((await audit(future)).violations.map(({ what }) => what));
    const since = new Date();
    const run = await plant();
    // The plant of I12 is an old run: of all that were created before only that one is looked at.
    const { violations } = await audit(id === 'I12' ? null : since);
    const fresh = violations.filter((found: Violation) =>
      found.run === null ? !before.has(found.what) : id !== 'I12' || found.run === run,
    );
    expect([...new Set(fresh.map(({ invariant }) => invariant))]).toEqual([id]);
    expect(fresh.every((found: Violation) => found.run === null || found.run === run)).toBe(true);
  });

  it('is one line of the log in the bot, an error when something is violated', async () => {
    const log = new RecordingLog();
    const scope = { reads: store.audit, limits, attempted: null };
    await auditOnce({ scope, clock: systemClock, log });
    const nobody = {
      ...store.audit,
      runIds: async () => [],
      repeatedTriggers: async () => [],
      crowdedTargets: async () => [],
      hastyWrites: async () => [],
    };
    await auditOnce({ scope: { ...scope, reads: nobody }, clock: systemClock, log });
    expect(log.lines.map(({ level, event }) => `${level} ${event}`)).toEqual([
      'error audit.violations',
      'info audit.clean',
    ]);
    expect(log.lines[0]?.fields['found']).toContain('I6');
  });
});

async function audit(since: Date | null = null) {
  return await runAudit({ reads: store.audit, limits, attempted: async () => attempts }, since);
}
