import type { PublishableText } from '../../domain/ids.ts';
import { codeBlock, details, markdown } from '../../text/markdown.ts';
import type { RunRecord } from '../run-record.ts';
import { code } from '../show.ts';

/** The same facts for machines, folded away. `format` grows when a field changes its meaning. */
export function machineSection(record: RunRecord): PublishableText {
  const json = JSON.stringify(machineRecord(record), null, 1);
  const run = code(record.run.id);
  return markdown`Run ${run}\n\n${details(markdown`Machine-readable record`, codeBlock(json, 'json'))}`;
}

function machineRecord(record: RunRecord): Readonly<Record<string, unknown>> {
  const { run, solver } = record;
  return {
    format: 1,
    run: run.id,
    trigger: run.trigger,
    ...(run.retryOf === undefined ? {} : { retryOf: run.retryOf }),
    target: { kind: run.target.kind, number: run.target.number },
    inputSha256: run.input.sha256,
    requestedBy: { id: run.requestedBy.id, login: run.requestedBy.login, role: run.requestedByRole },
    base: record.base,
    sandbox: record.engines,
    commit: record.commit,
    solver: solver && { name: solver.solver, stopReason: solver.stopReason, round: solver.round },
    verdicts: record.verdicts.map((verdict) => {
      const { gate, status, mode, blocking, held, treeId, evidence, findings } = verdict;
      const rows = evidence.slice(0, 20);
      return { gate, status, mode, blocking, held, treeId, evidence: rows, findings: findings.length };
    }),
    plan: record.plan.slice(0, 40).map(({ id, status }) => ({ id, status })),
    decisions: record.decisions.length,
    files: record.files.slice(0, 100).map(({ path, status, additions, deletions }) => {
      return { path, status, additions, deletions };
    }),
    spend: record.spend,
    dropped: record.dropped.slice(0, 30),
    durationMs: record.durationMs,
  };
}
