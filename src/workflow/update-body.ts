import { projectRun } from '../record/project-run.ts';
import { renderPullRequestBody } from '../record/render-pull-request.ts';
import { renderRoundEnd } from '../record/render-round-end.ts';
import { publicationKey } from './publication.ts';
import type { RunContext } from './run-context.ts';

/** The body again, as the journal has it now; people's own pull requests get it once for each publication, as a comment. */
export async function updateBody(context: RunContext, number: number): Promise<void> {
  const { run, lease, ports } = context;
  await context.refresh();
  const record = projectRun(run, context.entries);
  const isEmpty = record.round !== null && record.round.commit === null;
  const body = isEmpty ? renderRoundEnd(record) : renderPullRequestBody(record);
  if (run.target.kind === 'issue') {
    await ports.effects.perform(run, lease, 'pull-body', { kind: 'pull.update', number, body });
    return;
  }
  await ports.effects.perform(run, lease, publicationKey(context, 'pull-report'), {
    kind: 'comment.create',
    issue: number,
    body,
  });
}
