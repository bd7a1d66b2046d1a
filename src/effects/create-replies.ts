import { AppError, isAppError } from '../domain/app-error.ts';
import type { Clock } from '../domain/clock.ts';
import { betweenCrashPoints } from '../domain/crash-point.ts';
import type { ReplyClaim, ReplyLedger, ReplyPort } from '../domain/effect.ts';
import type { ForgeReader, ForgeWriter, RepositoryAddress } from '../domain/forge.ts';
import type { PublishableText } from '../domain/ids.ts';
import type { Logger } from '../domain/logger.ts';
import type { RateBucket, WritePriority } from '../domain/rate-bucket.ts';
import type { Actor } from '../domain/repository.ts';
import { effectMarker } from '../text/effect-marker.ts';
import { markdown } from '../text/markdown.ts';
import { findMarkedComment } from './kinds/find-marked-comment.ts';
import { pacedWriter } from './paced-writer.ts';

export interface RepliesOptions {
  readonly writer: ForgeWriter;
  /** The one that effects use too. */
  readonly rates: RateBucket;
  readonly ledger: ReplyLedger;
  readonly clock: Clock;
  readonly log: Logger;
  /** How an answer is read back of which nobody knows whether it arrived. */
  readonly readBack: { readonly reader: ForgeReader; readonly botLogin: string };
  /** Before a lost answer is read back; doubles. Default 1,000. */
  readonly retryDelayMs?: number;
}

const attemptsMax = 3;
/** Another worker that is sending the same answer is waited for this long. */
const busyMsMax = 30_000;
const busyPollMs = 500;

/**
 * Answers to people before or without a run: intent, send, result. Where an attempt may have been lost, with its process
 * or on the wire, the answer is looked for by its marker before it is sent again. A worker that was stopped so long that
 * another one took its answer over gets no turn for its request any more, and sends nothing.
 */
export function createReplies(options: RepliesOptions): ReplyPort {
  return {
    async react(at, on, id, content) {
      await unlessFinal(options.log, 'reply.reaction-rejected', () =>
        writerOf(options, at, 'first').addReaction(at, on, id, content),
      );
    },
    async reply(at, issue, key, body) {
      const marker = effectMarker('none', key);
      const comment = { issue, marker, body: markdown`${body}\n\n${marker}` };
      for (;;) {
        const claim = await intend(options, key);
        if (claim === 'done') return false;
        const sent = await settled(options, claim, () => send(options, at, comment, claim));
        if (sent !== 'taken-over') return sent === 'sent';
      }
    },
  };
}

/** Throws `github-unavailable` when another worker does not get done: the delivery is tried again later. */
async function intend({ ledger, clock }: RepliesOptions, key: string): Promise<ReplyClaim | 'done'> {
  for (let waitedMs = 0; waitedMs <= busyMsMax; waitedMs += busyPollMs) {
    const claim = await ledger.intend(key);
    if (claim !== 'busy') return claim;
    await clock.sleep(busyPollMs);
  }
  throw new AppError('github-unavailable', 'another worker has been sending this answer for long');
}

async function settled(
  { ledger, log }: RepliesOptions,
  claim: ReplyClaim,
  act: () => Promise<void>,
): Promise<'sent' | 'rejected' | 'taken-over'> {
  try {
    const sent = await unlessFinal(log, 'reply.rejected', act);
    await ledger.resolve(claim);
    return sent ? 'sent' : 'rejected';
  } catch (error) {
    if (isAppError(error, 'lease-lost')) return 'taken-over';
    await ledger
      .release(claim)
      .catch((cause: unknown) => log.warn('reply.not-released', { cause: String(cause) }));
    throw error;
  }
}

function writerOf(
  { writer, rates }: RepliesOptions,
  { installationId }: RepositoryAddress,
  priority: WritePriority,
  claim?: ReplyClaim,
): ForgeWriter {
  const held = claim ? { claim: { kind: 'reply', key: claim.key, token: claim.token } as const } : {};
  return pacedWriter(writer, (creates, send) =>
    rates.write({ installationId, priority, creates, ...held }, send),
  );
}

interface MarkedComment {
  readonly issue: number;
  readonly marker: PublishableText;
  readonly body: PublishableText;
}

/** Throws `lease-lost` when another worker has taken the answer over. */
async function send(
  options: RepliesOptions,
  at: RepositoryAddress,
  comment: MarkedComment,
  claim: ReplyClaim,
): Promise<void> {
  const writer = writerOf(options, at, 'normal', claim);
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (!(claim.isNew && attempt === 1) && (await isThere(options, at, comment))) return;
      await betweenCrashPoints('reply.send', () => writer.createComment(at, comment.issue, comment.body));
      return;
    } catch (error) {
      if (attempt === attemptsMax || !isAppError(error, 'github-unavailable')) throw error;
      await options.clock.sleep((options.retryDelayMs ?? 1_000) * 2 ** (attempt - 1));
    }
  }
}

async function isThere(
  options: RepliesOptions,
  at: RepositoryAddress,
  comment: MarkedComment,
): Promise<boolean> {
  const { reader, botLogin } = options.readBack;
  const isOurs = (author: Actor): boolean => author.login.toLowerCase() === botLogin.toLowerCase();
  return (await findMarkedComment({ reader, at, isOurs }, comment.issue, comment.marker)) !== undefined;
}

/** A thread that is locked or gone cannot be answered; that is noted and not an error of the delivery. */
async function unlessFinal(log: Logger, event: string, act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (!isAppError(error) || error.disposition === 'retry') throw error;
    log.warn(event, { code: error.code });
    return false;
  }
}
