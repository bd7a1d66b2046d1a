import type { Clock } from '../domain/clock.ts';
import type { ForgeReader, ForgeWriter } from '../domain/forge.ts';
import type { PublishableText } from '../domain/ids.ts';
import type { Logger } from '../domain/logger.ts';
import type { Run } from '../domain/run.ts';
import { announceEnd, type EndAnnouncement } from '../effects/announce-end.ts';
import { projectRun } from '../record/project-run.ts';
import { renderRunCheck } from '../record/render-check.ts';
import { renderRefusal } from '../record/render-refusal.ts';
import { renderTrackingComment } from '../record/render-tracking-comment.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { Store } from '../store/open-store.ts';
import { joinText, markdown } from '../text/markdown.ts';
import { field } from '../text/publishable.ts';
import { commitOfRunCheck } from '../workflow/run-check.ts';
import { type Periodic, startPeriodic } from './periodic.ts';

const batchSize = 20;

export interface EndingsOptions {
  readonly store: Pick<Store, 'endings' | 'journal' | 'effects'>;
  readonly reader: ForgeReader;
  /** A writer of this installation that keeps its limits. */
  readonly writerFor: (installationId: number) => ForgeWriter;
  readonly botLogin: string;
  /** No run is left open for longer. */
  readonly deadlineHours: number;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Ends runs whose time is up and says on GitHub how runs ended that could not say it themselves. */
export function startEndings(options: EndingsOptions): Periodic {
  const { store, deadlineHours, everyMs, clock, log } = options;
  const work = async (signal: AbortSignal): Promise<void> => {
    for (const runId of await store.endings.endOverdue(deadlineHours)) log.warn('run.overdue', { runId });
    for (const run of await store.endings.claimSilent(batchSize)) {
      if (signal.aborted) return;
      await tell(options, run);
    }
  };
  return startPeriodic({ name: 'endings', everyMs, work, clock, log });
}

/** One that fails is claimed again in some minutes. */
async function tell(options: EndingsOptions, run: Run): Promise<void> {
  const { store, reader, writerFor, botLogin, log } = options;
  const { installationId, repository } = run;
  try {
    const record = projectRun(run, await store.journal.read(run.id));
    const announcement = {
      at: { installationId, repositoryId: repository.id, owner: repository.owner, name: repository.name },
      issue: run.trackingIssue ?? run.target.number,
      runId: run.id,
      message: await lastWord(options, record),
      tracking: renderTrackingComment(record),
      checks: openChecks(record),
    };
    await announceEnd(announcement, { reader, writer: writerFor(installationId), botLogin });
    await store.endings.markTold(run.id);
    log.info('run.end-told', { runId: run.id, state: run.state });
  } catch (error) {
    log.warn('run.end-not-told', { runId: run.id, cause: String(error) });
  }
}

/** Check runs that still say that the run is under way. */
function openChecks(record: RunRecord): EndAnnouncement['checks'] {
  const over: RunRecord = { ...record, end: record.end ?? { state: 'failed', summary: '' } };
  return record.effects.flatMap(({ key, result: { id, outcome } }) => {
    const headSha = commitOfRunCheck(key);
    if (headSha === undefined || id === undefined || outcome === 'rejected') return [];
    return [{ id, headSha, ...renderRunCheck(over) }];
  });
}

/**
 * A run that was published before it fell silent has no refusal to explain. What it was about to do on GitHub when it
 * was cut off may have happened or not: people are told to look.
 */
async function lastWord({ store }: EndingsOptions, record: RunRecord): Promise<PublishableText> {
  const { end, run } = record;
  const word =
    end !== null && end.state !== 'published'
      ? renderRefusal(record)
      : markdown`The run is over; its pull request is linked above.`;
  const open = (await store.effects.list(run.id)).filter(
    ({ state, kind }) => state === 'intended' && kind !== 'tracking.update',
  );
  if (open.length === 0) return word;
  const kinds = joinText(
    open.map(({ kind }) => markdown`- \`${field(kind, { repositoryUrl: run.repository.htmlUrl })}\``),
    '\n',
  );
  return markdown`${word}\n\nIt was cut off in the middle of these, which may have happened or not:\n\n${kinds}`;
}
