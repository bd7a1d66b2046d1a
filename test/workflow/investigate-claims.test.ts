import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/domain/gate.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import type { ModelAnswer, ModelRequest } from '../../src/domain/model.ts';
import type { Spend } from '../../src/domain/spend.ts';
import { type InvestigationContext, investigateClaims } from '../../src/workflow/investigate-claims.ts';
import { silentLog } from '../support/silent-log.ts';

const usage = { inputTokens: 90, outputTokens: 10, cacheReadTokens: 0, cacheWriteTokens: 0, reported: true };
const reply: ModelAnswer = {
  kind: 'reply',
  message: { role: 'assistant', parts: [{ type: 'text', text: 'The sentence is wrong.' }] },
  stopReason: 'end',
  usage,
  model: 'small',
};

function stage(answer: ModelAnswer = reply, reserved: 'reserved' | 'exhausted' = 'reserved') {
  const events: JournalEvent[] = [];
  const requests: ModelRequest[] = [];
  const settled: Spend[] = [];
  const context = {
    last: (kind: string) => events.find((event) => event.kind === kind),
    append: async (event: JournalEvent) => void events.push(event),
    checkLease: () => undefined,
    lease: { signal: new AbortController().signal },
    ports: {
      log: silentLog,
      limits: { tokensMax: 10_000 },
      spend: {
        reserve: async () => reserved,
        settle: async (_lease: unknown, _key: string, spend: Spend) => void settled.push(spend),
      },
      chain: {
        names: ['small'],
        complete: async (request: ModelRequest) => {
          requests.push(request);
          return { answer, provider: { name: 'small', costUsd: () => 0.01 } };
        },
      },
    },
  } as unknown as InvestigationContext;
  return { context, events, requests, settled };
}

function claims(state: string): readonly Verdict[] {
  const details = { claims: [{ text: 'All tests pass.', state, why: 'the tests did not pass' }] };
  return [{ gate: 'claims', status: 'fail', summary: 'x', details }] as unknown as readonly Verdict[];
}

describe('a contradicted claim', () => {
  it('is looked at once by a model that has not seen the conversation, and the answer is journaled with its cost', async () => {
    const { context, events, requests, settled } = stage();
    await investigateClaims(context, 2, claims('contradicted'), { usd: 1 });
    await investigateClaims(context, 3, claims('contradicted'), { usd: 1 });
    expect(requests).toHaveLength(1);
    expect(requests[0]?.messages).toHaveLength(1);
    expect(requests[0]?.tools).toEqual([]);
    expect(JSON.stringify(requests[0]?.messages)).toContain('All tests pass.');
    expect(requests[0]?.system).not.toContain('All tests pass.');
    expect(events).toMatchObject([
      {
        kind: 'claims.investigated',
        round: 2,
        answer: 'The sentence is wrong.',
        costUsd: 0.01,
        claims: ['All tests pass.'],
      },
    ]);
    // Once for the answer, and again when the step is taken up: its worker may have died before the first.
    expect(settled).toEqual([
      { usd: 0.01, tokens: 100 },
      { usd: 0.01, tokens: 100 },
    ]);
  });

  it('is not looked at without money, and a model that does not answer stops nothing', async () => {
    const poor = stage(reply, 'exhausted');
    await investigateClaims(poor.context, 1, claims('contradicted'), { usd: 1 });
    expect(poor.requests).toEqual([]);
    const failure = {
      kind: 'failure',
      code: 'network',
      retryable: true,
      retryAfterMs: null,
      message: 'down',
    } as const;
    const down = stage(failure);
    await investigateClaims(down.context, 1, claims('contradicted'), { usd: 1 });
    expect([down.events, down.settled]).toEqual([[], [{ usd: 0, tokens: 0 }]]);
  });

  it('that is only unsupported is struck out without a second look', async () => {
    const { context, requests } = stage();
    await investigateClaims(context, 1, claims('unsupported'), { usd: 1 });
    expect(requests).toEqual([]);
  });
});
