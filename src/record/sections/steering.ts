import type { PublishableText } from '../../domain/ids.ts';
import { markdown } from '../../text/markdown.ts';
import type { RunRecord } from '../run-record.ts';

/** What people with write access can do now. */
export function steeringLines(record: RunRecord): readonly PublishableText[] {
  const stop = markdown`- \`/agent stop\`, taking the label \`agent\` off, or closing the issue stops a run.`;
  if (record.pull === null) return [stop];
  return [
    markdown`- Comment \`/agent fix <what to change>\` on #${record.pull.number} to have this branch changed.`,
    markdown`- Comment \`/agent retry\` to have the newest run done once more, on top of what is there.`,
    markdown`- Comment \`/agent undo\` on #${record.pull.number} to have my commits taken back by a commit on top.`,
    stop,
    markdown`- Your own commits on the branch are never overwritten.`,
  ];
}
