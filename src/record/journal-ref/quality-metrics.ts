import type { JournalEvent } from '../../domain/journal-event.ts';
import type { TestRun } from '../../domain/toolchain.ts';
import type { RunRecord } from '../run-record.ts';

/** `quality-metrics.json`: numbers of a run, each from a recorded fact. */
export function qualityMetrics(
  record: RunRecord,
  events: readonly JournalEvent[],
): Readonly<Record<string, unknown>> {
  const judged = events.filter((event) => event.kind === 'gate.judged');
  const sum = (of: 'additions' | 'deletions'): number =>
    record.files.reduce((total, file) => total + file[of], 0);
  return {
    format: 1,
    rounds: record.rounds,
    turns: record.turns,
    spend: record.spend,
    modelFailures: record.modelFailures,
    baseline: countsOf(record.baseline),
    gates: judged.map(({ round, verdict }) => ({
      round,
      gate: verdict.gate,
      status: verdict.status,
      mode: verdict.mode,
      blocking: verdict.blocking,
      held: verdict.held,
      findings: verdict.findings.length,
      evidence: verdict.evidence.map(({ command, base, head, durationMs }) => ({
        command,
        base,
        head,
        durationMs,
      })),
    })),
    change: { files: record.files.length, additions: sum('additions'), deletions: sum('deletions') },
    steps: record.steps.map(({ step, round, durationMs }) => ({ step, round, durationMs })),
    durationMs: record.durationMs,
  };
}

function countsOf(tests: TestRun | null): Readonly<Record<string, number>> | null {
  if (!tests) return null;
  const counts: Record<string, number> = { passed: 0, failed: 0, skipped: 0, error: 0 };
  for (const { outcome } of tests.results) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
