import type { PublishableText } from '../domain/ids.ts';
import type { Run } from '../domain/run.ts';
import { markdown } from '../text/markdown.ts';
import { say } from './show.ts';

/**
 * The issue that is opened for a run on a pull request that closes none. The title is the same for every run on that
 * pull request, also when that was renamed: by it the issue is found again.
 */
export function renderTrackingIssue(run: Run): {
  readonly title: PublishableText;
  readonly body: PublishableText;
} {
  const { target, requestedBy, input } = run;
  return {
    title: markdown`Agent work on pull request #${target.number}`,
    body: markdown`${say({ run }, requestedBy.login, 60)} asked for work on #${target.number} (${say({ run }, input.title, 150)}). The plan, the decisions and the evidence are kept here, in one comment that is edited in place.`,
  };
}
