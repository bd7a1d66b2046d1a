import { describe, expect, it } from 'vitest';
import type { EffectRecord } from '../../src/domain/effect.ts';
import type { JournalEntry } from '../../src/domain/journal.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import { journalFiles } from '../../src/record/journal-ref/journal-files.ts';
import { planRestore } from '../../src/record/journal-ref/plan-restore.ts';
import { PublishedJournal } from '../../src/record/journal-ref/published-journal.ts';
import { entryHash, readEvents } from '../../src/record/journal-ref/read-events.ts';
import { journalOf, modelEvents, run, tree } from './run-fixture.ts';

const token = `ghs_${'a1B2c3D4'.repeat(8)}`;
const said: JournalEvent = {
  kind: 'tool.returned',
  turn: 1,
  callId: 'c',
  tool: 'run',
  ok: true,
  output: `the token is ${token}, "quoted"`,
  fullOutput: null,
  durationMs: 1,
};
const open = modelEvents.filter(({ kind }) => kind !== 'commit.made' && kind !== 'effect.sent');
const source = { commit: 'a'.repeat(40), at: new Date('2026-11-02T00:00:00Z') };

const budgetWait: JournalEvent = {
  kind: 'wait.begun',
  wait: {
    id: 'budget:1',
    kind: 'budget',
    budget: 'run',
    limitUsd: 5,
    spentUsd: 4.9,
    neededUsd: 0.2,
    ceilingUsd: 20,
    resetsAt: null,
    at: 'publish',
    round: 1,
    pull: 9,
  },
};

/** With the hashes that the database would give. */
function entriesOf(events: readonly JournalEvent[]): readonly JournalEntry[] {
  let hash = '';
  return journalOf(events).map((entry) => {
    const line = { seq: entry.seq, epoch: entry.epoch, at: entry.at.toISOString() };
    hash = entryHash(hash, run.id, line, JSON.stringify(entry.event));
    return { ...entry, hash };
  });
}

function published(
  events: readonly JournalEvent[],
  mode: 'full' | 'record',
  bytesMax?: number,
): PublishedJournal {
  const journal = new PublishedJournal(mode, bytesMax);
  for (const entry of entriesOf(events)) journal.add(entry, false);
  return journal;
}

describe('events.jsonl', () => {
  it('comes back as it was in the database, with the same hashes', () => {
    const { entries, alteredCount } = readEvents(run.id, published(modelEvents, 'full').text());
    expect(entries.map(({ hash }) => hash)).toEqual(entriesOf(modelEvents).map(({ hash }) => hash));
    expect(alteredCount).toBe(0);
  });

  it('holds no secret, and stays a chain that can be checked', () => {
    const journal = published([...modelEvents, said], 'full');
    expect(journal.text()).not.toContain(token);
    const read = readEvents(run.id, journal.text());
    expect(read.entries.at(-1)?.event).toContain('\\"quoted\\"');
    expect(read).toMatchObject({ alteredCount: 1, conversationWhole: false });
  });

  it('leaves out what was said in a record, and keeps what was decided', () => {
    const text = published([...modelEvents, said], 'record').text();
    expect(text).not.toContain('quoted');
    expect(text).toContain('What is the total of an empty cart?');
    expect(readEvents(run.id, text).conversationWhole).toBe(false);
  });

  it('leaves the conversation out once it is too large, and says so', () => {
    const journal = published([...modelEvents, { ...said, output: 'x'.repeat(100) }], 'full', 200);
    expect(journal.text()).not.toContain('xxx');
    expect(journal.summary()['note']).toMatch(/too large/);
  });

  it.each([
    ['changed', (lines: string[]) => lines.with(4, lines[4]?.replace('recon', 'plan') ?? '')],
    ['taken out', (lines: string[]) => lines.toSpliced(4, 1)],
    ['put in twice', (lines: string[]) => lines.toSpliced(4, 0, lines[3] ?? '')],
  ])('refuses a line that was %s, by its number', (_, change) => {
    const lines = published(modelEvents, 'full').text().trimEnd().split('\n');
    expect(() => readEvents(run.id, change(lines).join('\n'))).toThrow(/broken at entry 5/);
  });
});

describe('a restore', () => {
  const file = { format: 1, run, effects: [] as EffectRecord[], spend: { usd: 1, tokens: 5 } } as const;
  const pushed: EffectRecord = {
    key: 'push',
    kind: 'branch.push',
    state: 'done',
    result: { outcome: 'sent' },
    epoch: 1,
  };
  const tracking: EffectRecord = { ...pushed, key: 'tracking', kind: 'tracking.update' };

  it('goes on with an open run whose conversation is whole', () => {
    const events = readEvents(run.id, published(open, 'full').text());
    const { kind, restored } = planRestore({ ...file, mode: 'full' }, events, source);
    expect(kind).toBe('continues');
    expect(restored.entries).toHaveLength(open.length + 1);
    expect(restored).toMatchObject({ state: 'queued', endedAt: null, spend: { usd: 1 } });
  });

  it('starts a run of which only a record is kept again, with its spend and what people have seen', () => {
    const events = readEvents(run.id, published(open, 'record').text());
    const intended: EffectRecord = { ...pushed, state: 'intended', result: null };
    const facts = { ...file, mode: 'record', effects: [tracking, intended] } as const;
    const { kind, restored } = planRestore(facts, events, source);
    expect(kind).toBe('restarts');
    expect(restored.entries).toHaveLength(2);
    expect(restored.effects).toEqual([tracking]);
    expect(restored.spend).toEqual({ usd: 1, tokens: 5 });
  });

  it('never starts one again that was pushed', () => {
    const events = readEvents(run.id, published(modelEvents, 'record').text());
    const { kind } = planRestore({ ...file, mode: 'record', effects: [pushed] }, events, source);
    expect(kind).toBe('continues');
  });

  it('makes a commit again that never left the lost machine', () => {
    const made = modelEvents.filter(({ kind }) => kind !== 'effect.sent');
    const events = readEvents(run.id, published(made, 'full').text());
    const { restored } = planRestore({ ...file, mode: 'full' }, events, source);
    expect(restored.entries.some(({ event }) => event.includes('"commit.made"'))).toBe(false);
  });

  it('needs the conversation of a run whose draft waits for a budget, and makes only its lost commit again', () => {
    const again: JournalEvent = { kind: 'commit.made', commit: 'c2', treeId: tree, files: [] };
    const journal = (mode: 'full' | 'record'): string => {
      const written = new PublishedJournal(mode);
      for (const entry of entriesOf([...modelEvents, budgetWait, again]))
        written.add(entry.event === again ? { ...entry, key: 'commit.made:2' } : entry, false);
      return written.text();
    };
    const whole = readEvents(run.id, journal('full'));
    const { kind, restored } = planRestore({ ...file, mode: 'full', effects: [pushed] }, whole, source);
    expect(kind).toBe('continues');
    expect(restored.entries.filter(({ event }) => event.includes('"commit.made"'))).toHaveLength(1);
    const bare = readEvents(run.id, journal('record'));
    expect(planRestore({ ...file, mode: 'record', effects: [pushed] }, bare, source).kind).toBe('restarts');
  });

  it('leaves a finished run finished', () => {
    const end = { state: 'refused', summary: 'no' } as const;
    const ended: JournalEvent = { kind: 'run.ended', state: 'refused', end };
    const events = readEvents(run.id, published([...open, ended], 'record').text());
    const { kind, restored } = planRestore({ ...file, mode: 'record' }, events, source);
    expect(kind).toBe('finished');
    expect(restored).toMatchObject({ state: 'refused', summary: 'no' });
    expect(restored.endedAt).not.toBeNull();
  });
});

describe('the files beside it', () => {
  it('say what is next, and hold no secret of the request', () => {
    const asked = { ...run, input: { ...run.input, title: `Use ${token}` } };
    const facts = { format: 1, mode: 'full', run: asked, effects: [], spend: { usd: 0, tokens: 0 } } as const;
    const files = journalFiles(facts, entriesOf(open), {});
    expect([...files.values()].join('\n')).not.toContain(token);
    expect(files.get('NEXT_ACTIONS.md')).toMatch(/pullwright restore/);
    const graph = JSON.parse(files.get('context-graph.json') ?? '') as { edges: { type: string }[] };
    expect(graph.edges.map(({ type }) => type)).toContain('decided');
    expect(files.get('decisions.md')).toContain('- Chosen: 0');
  });
});
