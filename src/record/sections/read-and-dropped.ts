import type { PublishableText } from '../../domain/ids.ts';
import type { FrozenRemark } from '../../domain/run.ts';
import { joinText, markdown } from '../../text/markdown.ts';
import type { RunRecord } from '../run-record.ts';
import { code, listSome, say } from '../show.ts';

/** The input that was frozen at trigger time, what was removed from it and why, and what there is to know. */
export function readSection(record: RunRecord): PublishableText {
  const { run } = record;
  const parts =
    run.input.instruction === null ? markdown`title and body` : markdown`title, body and command text`;
  const remarks = run.input.remarks ?? [];
  return joinText([
    markdown`## What was read, what was dropped\n`,
    markdown`- Read: ${parts} of #${run.target.number} as they were when the run was asked for (SHA-256 ${code(run.input.sha256.slice(0, 16))}), and the repository at the base commit.`,
    ...(remarks.length === 0
      ? []
      : [markdown`- Read: ${remarks.length} earlier comments by ${authors(remarks)}, who may write here.`]),
    ...(record.instructionFiles.length === 0
      ? []
      : [
          markdown`- Read as conventions of this repository, from the base commit: ${joinText(record.instructionFiles.map(code), ', ')}.`,
        ]),
    ...dropped(record),
    ...listSome(record.notes, 20, (note) => say(record, note, 400)),
  ]);
}

function authors(remarks: readonly FrozenRemark[]): PublishableText {
  const logins = [...new Set(remarks.map(({ login }) => login))];
  return joinText(logins.map(code), ', ');
}

function dropped(record: RunRecord): readonly PublishableText[] {
  if (record.dropped.length === 0) return [markdown`- Dropped: nothing; the text held no hidden parts.`];
  return record.dropped
    .slice(0, 30)
    .map(
      ({ where, what, count, why = 'a reader does not see it' }) =>
        markdown`- ⚠️ Dropped from ${say(record, where, 60)}: ${say(record, what, 100)} (${count}), because ${say(record, why, 100)}.`,
    );
}
