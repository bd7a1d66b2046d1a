import type { Effect } from '../domain/effect.ts';
import type { CommitId } from '../domain/ids.ts';
import { projectRun } from '../record/project-run.ts';
import { renderSarif } from '../record/render-sarif.ts';
import { publicationKey } from './publication.ts';
import type { RunContext } from './run-context.ts';

/** What the security gates found goes to code scanning, where the installation has it; else the record says why not. */
export async function uploadSarif(context: RunContext, pull: number, commit: CommitId): Promise<void> {
  const { run, lease, ports } = context;
  const effect = run.trigger === 'local' ? undefined : sarifEffect(context, pull, commit);
  if (!effect) return;
  await ports.effects.perform(run, lease, publicationKey(context, 'sarif'), effect);
  await context.refresh();
}

/** The effect as it is announced, from the journal alone; undefined where no security gate judged the commit. */
export function sarifEffect(
  { run, entries }: Pick<RunContext, 'run' | 'entries'>,
  pull: number,
  commit: CommitId,
): Effect | undefined {
  const log = renderSarif(projectRun(run, entries));
  return log && { kind: 'sarif.upload', commit, pull, log };
}
