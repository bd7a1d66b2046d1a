import type { JournalEntry } from '../../domain/journal.ts';
import type { JournalEvent } from '../../domain/journal-event.ts';
import { redactSecrets } from '../../text/secrets.ts';
import { projectRun } from '../project-run.ts';
import { contextGraph } from './context-graph.ts';
import { currentSession } from './current-session.ts';
import { decisionsFile } from './decisions.ts';
import { nextActions } from './next-actions.ts';
import { projectStatus } from './project-status.ts';
import { qualityMetrics } from './quality-metrics.ts';
import { redactDeep } from './redact-deep.ts';
import type { RunFile } from './run-file.ts';

/**
 * The files beside `events.jsonl`, made from the published entries, so that what those leave out is in none of them.
 * Redacted once more as a whole: facts of the run's row are no journal entries.
 */
export function journalFiles(
  facts: RunFile,
  entries: readonly JournalEntry[],
  journal: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, string> {
  const record = projectRun(facts.run, entries);
  const events = entries.map(({ event }) => event);
  return new Map([
    ['run.json', json(facts)],
    ['project-status.json', json({ ...projectStatus(record), journal })],
    ['context-graph.json', json(contextGraph(record))],
    ['quality-metrics.json', json(qualityMetrics(record, events))],
    ['current-session.md', redactSecrets(currentSession(record, entries)).text],
    ['NEXT_ACTIONS.md', redactSecrets(nextActions(record, facts.mode)).text],
    ['decisions.md', redactSecrets(decisionsFile(record)).text],
    ...evidenceFile(events),
  ]);
}

/** The envelope as it was signed: a signature does not survive a change. */
function evidenceFile(events: readonly JournalEvent[]): readonly (readonly [string, string])[] {
  const signed = events.findLast((event) => event.kind === 'evidence.signed');
  return signed ? [['evidence.json', `${JSON.stringify(signed.envelope, null, 2)}\n`]] : [];
}

function json(value: unknown): string {
  return `${JSON.stringify(redactDeep(JSON.parse(JSON.stringify(value)) as unknown).value, null, 2)}\n`;
}
