import type { JournalEvent } from '../domain/journal-event.ts';
import type { ModelSpend, RunRecord } from './run-record.ts';

/** Adds up what the models used, by model, and counts how they failed. */
export function projectSpend(
  events: readonly JournalEvent[],
): Pick<RunRecord, 'spend' | 'turns' | 'modelFailures'> {
  const spend = new Map<string, ModelSpend>();
  const failures = new Map<
    string,
    { readonly model: string; readonly failure: string; readonly count: number }
  >();
  let turns = 0;
  for (const event of events) {
    if (event.kind === 'turn.answered') {
      turns += 1;
      spend.set(event.model, added(spend.get(event.model), event));
    }
    if (event.kind === 'claims.investigated') {
      spend.set(event.model, added(spend.get(event.model), event));
    }
    if (event.kind === 'model.failed') {
      const { model, failure } = event;
      const key = `${model} ${failure}`;
      failures.set(key, { model, failure, count: (failures.get(key)?.count ?? 0) + 1 });
    }
  }
  return { spend: [...spend.values()], turns, modelFailures: [...failures.values()] };
}

/** One turn of unknown price makes the sum unknown: a number that leaves something out would mislead. */
function added(
  before: ModelSpend | undefined,
  { model, usage, costUsd }: Extract<JournalEvent, { kind: 'turn.answered' | 'claims.investigated' }>,
): ModelSpend {
  const beforeUsd = before === undefined ? 0 : before.costUsd;
  return {
    model,
    turns: (before?.turns ?? 0) + 1,
    inputTokens:
      (before?.inputTokens ?? 0) + usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens,
    outputTokens: (before?.outputTokens ?? 0) + usage.outputTokens,
    costUsd: beforeUsd === null || costUsd === null ? null : beforeUsd + costUsd,
  };
}
