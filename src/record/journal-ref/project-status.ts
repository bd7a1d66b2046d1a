import type { RunRecord } from '../run-record.ts';

/** `project-status.json`: where the run stands, for machines. */
export function projectStatus(record: RunRecord): Readonly<Record<string, unknown>> {
  const { run, end } = record;
  return {
    format: 1,
    run: run.id,
    repository: `${run.repository.owner}/${run.repository.name}`,
    target: run.target,
    requestedBy: { id: run.requestedBy.id, login: run.requestedBy.login, role: run.requestedByRole },
    state: end?.state ?? (record.parkedReason === null ? 'running' : 'parked'),
    summary: end?.summary ?? null,
    waitingFor: record.parkedReason,
    base: record.base,
    steps: record.steps,
    plan: record.plan,
    risk: record.risk,
    rounds: record.rounds,
    verdicts: record.verdicts.map(({ gate, status, mode, blocking, held, summary, treeId }) => ({
      gate,
      status,
      mode,
      blocking,
      held,
      summary,
      treeId,
    })),
    commit: record.commit,
    pull: record.pull,
    files: record.files,
    effects: record.effects.map(({ effect, key, result }) => ({ effect, key, outcome: result.outcome })),
    notes: record.notes,
    startedAt: record.startedAt?.toISOString() ?? null,
    durationMs: record.durationMs,
  };
}
