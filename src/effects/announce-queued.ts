import { isAppError } from '../domain/app-error.ts';
import type { ForgeWriter } from '../domain/forge.ts';
import type { PublishableText } from '../domain/ids.ts';
import type { QueuePlaces } from '../domain/queue-places.ts';
import type { RateBucket } from '../domain/rate-bucket.ts';
import type { Run } from '../domain/run.ts';
import { effectMarker } from '../text/effect-marker.ts';
import { markdown } from '../text/markdown.ts';

/**
 * Writes the tracking comment of a run that no worker has yet; the worker finds it by its marker and goes on with it.
 * Workers keep away while it is sent, so that there is never a second one; a lost answer is not repeated.
 */
export async function announceQueued(
  announcement: { readonly run: Run; readonly body: PublishableText },
  ports: { readonly writer: ForgeWriter; readonly rates: RateBucket; readonly places: QueuePlaces },
): Promise<void> {
  const { run, body } = announcement;
  const { installationId, repository, trackingIssue } = run;
  const { writer, rates, places } = ports;
  if (trackingIssue === null) return;
  const at = { installationId, repositoryId: repository.id, owner: repository.owner, name: repository.name };
  const text = markdown`${body}\n\n${effectMarker(run.id, 'tracking')}`;
  await rates.write({ installationId, priority: 'last', creates: true }, async () => {
    if (!(await places.begin(run.id))) return;
    try {
      // GitHub may have asked for a pause since the turn was granted.
      await rates.ready(installationId, { waitMsMax: 0 });
      await writer.createComment(at, trackingIssue, text);
    } catch (error) {
      if (!isAppError(error)) throw error;
    } finally {
      await places.end(run.id);
    }
  });
}
