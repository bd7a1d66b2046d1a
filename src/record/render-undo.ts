import type { PublishableText } from '../domain/ids.ts';
import { joinText, markdown } from '../text/markdown.ts';
import { publishable } from '../text/publishable.ts';
import type { RunRecord } from './run-record.ts';
import { code, contextOf, say } from './show.ts';

const commitsShown = 50;

/** What an undo did, for the pull request; `refusal`: why it did nothing. */
export function renderUndo(record: RunRecord, refusal: string | null): PublishableText {
  const asked = markdown`asked for by ${say(record, record.run.requestedBy.login, 60)}`;
  const by = markdown`<sub>Run ${code(record.run.id)}, ${asked}</sub>`;
  if (refusal !== null)
    return joinText(
      [markdown`**Nothing was taken back.**`, publishable(refusal, contextOf(record, 4_000)), by],
      '\n\n',
    );
  const commits = record.undo?.commits ?? [];
  const lines = commits
    .slice(0, commitsShown)
    .map(({ sha, run }) => markdown`- ${code(sha.slice(0, 12))}, of run ${code(run)}`);
  return joinText(
    [
      markdown`**Taken back: ${commits.length === 1 ? markdown`one commit` : markdown`${commits.length} commits`} of mine**, by one commit on top (${code((record.commit ?? '').slice(0, 12))}). Nothing was rewritten, and commits of people stay as they are.`,
      joinText(lines, '\n'),
      markdown`The description above still tells of what was taken back. \`/agent retry\` does the work once more, \`/agent fix <what to do>\` something else.`,
      by,
    ],
    '\n\n',
  );
}
