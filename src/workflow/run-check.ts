import type { CommitId } from '../domain/ids.ts';
import type { JournalEvent } from '../domain/journal-event.ts';
import { projectRun } from '../record/project-run.ts';
import { renderRunCheck } from '../record/render-check.ts';
import type { RunContext } from './run-context.ts';

const begun = 'run-check:';
const over = 'run-check-over:';

/** Shows on a commit that people look at that a run is under way there, with a button that ends it. */
export async function showRunCheck(context: RunContext, commit: CommitId): Promise<void> {
  if (context.run.trigger !== 'local') await publish(context, `${begun}${commit}`, commit);
}

/** Every one that was shown is completed, however the run ended: else it would be under way for ever. */
export async function endRunChecks(context: RunContext): Promise<void> {
  for (const commit of shownOn(context.entries.map(({ event }) => event)))
    await publish(context, `${over}${commit}`, commit);
}

/** Commits on which the run was shown. */
function shownOn(events: readonly JournalEvent[]): readonly CommitId[] {
  return events.flatMap((event) => {
    if (event.kind !== 'effect.sent' || !event.key.startsWith(begun)) return [];
    const commit = commitOfRunCheck(event.key);
    return commit === undefined || event.result.outcome === 'rejected' ? [] : [commit];
  });
}

/** The commit of such a check's key; undefined for another key. */
export function commitOfRunCheck(key: string): CommitId | undefined {
  const prefix = [begun, over].find((one) => key.startsWith(one));
  return prefix === undefined ? undefined : (key.slice(prefix.length) as CommitId);
}

async function publish(context: RunContext, key: string, headSha: CommitId): Promise<void> {
  const { run, lease, ports } = context;
  const check = renderRunCheck(projectRun(run, context.entries));
  await ports.effects.perform(run, lease, key, { kind: 'check.publish', headSha, ...check });
  await context.refresh();
}
