import { isAppError } from '../domain/app-error.ts';
import type { ForgeReader, ForgeWriter, NewCheck, RepositoryAddress } from '../domain/forge.ts';
import type { PublishableText, RunId } from '../domain/ids.ts';
import type { Actor } from '../domain/repository.ts';
import { effectMarker } from '../text/effect-marker.ts';
import { markdown } from '../text/markdown.ts';
import { findMarkedComment } from './kinds/find-marked-comment.ts';
import { isOwnAccount } from './own-account.ts';

/** What is said about the end of a run that nobody works on any more. */
export interface EndAnnouncement {
  readonly at: RepositoryAddress;
  readonly issue: number;
  readonly runId: RunId;
  /** A new comment, so that people are notified. */
  readonly message: PublishableText;
  /** Replaces the tracking comment, which otherwise says for ever that the run is working. */
  readonly tracking: PublishableText;
  /** Check runs that showed the run on a commit, as they are to be completed. */
  readonly checks: readonly (Omit<NewCheck, 'externalId'> & { readonly id: number })[];
}

/**
 * Says once how a run ended, without a lease: the run is over, so nobody else writes for it. Read back by markers
 * first, so that it may be repeated. A thread that takes no comment ends it as well. Throws what may pass.
 */
export async function announceEnd(
  announcement: EndAnnouncement,
  forge: { readonly reader: ForgeReader; readonly writer: ForgeWriter; readonly botLogin: string },
): Promise<void> {
  const { at, issue, runId, message, tracking, checks } = announcement;
  const { reader, writer, botLogin } = forge;
  const isOurs = (author: Actor): boolean => isOwnAccount(author, botLogin);
  const scope = { reader, at, isOurs };
  const trackingMarker = effectMarker(runId, 'tracking');
  const endMarker = effectMarker('none', `end:${runId}`);
  try {
    for (const { id, ...check } of checks)
      await writer.updateCheck(at, id, { ...check, externalId: `${runId}:${check.name}` });
    const shown = await findMarkedComment(scope, issue, trackingMarker);
    const body = markdown`${tracking}\n\n${trackingMarker}`;
    if (shown && shown.body.trimEnd() !== body) await writer.updateComment(at, shown.id, body);
    if (await findMarkedComment(scope, issue, endMarker)) return;
    await writer.createComment(at, issue, markdown`${message}\n\n${endMarker}`);
  } catch (error) {
    if (!isAppError(error) || error.disposition === 'retry') throw error;
  }
}
