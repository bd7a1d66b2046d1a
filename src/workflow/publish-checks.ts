import type { CommitId } from '../domain/ids.ts';
import { projectRun } from '../record/project-run.ts';
import { type RenderedCheck, renderChecks, renderReleasedChecks } from '../record/render-check.ts';
import { publicationKey } from './publication.ts';
import type { RunContext } from './run-context.ts';

/** The verdicts as check runs on the pushed commit: `agent / tests`, `agent / security`, `agent / quality`. */
export async function publishChecks(context: RunContext, headSha: CommitId): Promise<void> {
  await publishAll(context, headSha, ['check', renderChecks(projectRun(context.run, context.entries))]);
}

/** Those in which something was held, once more, now that a person released it. */
export async function publishReleasedChecks(context: RunContext, headSha: CommitId): Promise<void> {
  const checks = renderReleasedChecks(projectRun(context.run, context.entries));
  await publishAll(context, headSha, ['check-released', checks]);
}

async function publishAll(
  context: RunContext,
  headSha: CommitId,
  [prefix, checks]: readonly [prefix: string, checks: readonly RenderedCheck[]],
): Promise<void> {
  const { run, lease, ports } = context;
  for (const check of checks) {
    await ports.effects.perform(run, lease, `${publicationKey(context, prefix)}:${check.name}`, {
      kind: 'check.publish',
      headSha,
      ...check,
    });
  }
  await context.refresh();
}
