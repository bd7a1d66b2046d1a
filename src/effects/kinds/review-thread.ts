import { effectMarker } from '../../text/effect-marker.ts';
import { markdown } from '../../text/markdown.ts';
import type { EffectFamily } from './effect-family.ts';

/** A reply in the thread of a comment on a line, found again by its hidden marker like every comment of ours. */
export const reviewReply: EffectFamily<'review.reply'> = {
  idempotent: false,
  dispensable: true,
  async send(effect, { writer, at, run, key }) {
    const body = markdown`${effect.body}\n\n${effectMarker(run.id, key)}`;
    const { id, url } = await writer.replyOnLine(at, effect.pull, { to: effect.comment, body });
    return { outcome: 'sent', id, url };
  },
  async find(effect, scope) {
    const marker = effectMarker(scope.run.id, scope.key);
    const found = (await scope.reader.lineComments(scope.at, effect.pull)).find(
      ({ author, body }) => scope.isOurs(author) && body.includes(marker),
    );
    return found ? { outcome: 'adopted', id: found.id, url: found.htmlUrl } : undefined;
  },
};

/** Resolves a thread that is open; one that somebody has resolved meanwhile is as it should be. */
export const threadResolve: EffectFamily<'thread.resolve'> = {
  idempotent: false,
  dispensable: true,
  async send({ thread }, { reader, writer, at }) {
    if ((await reader.threadResolved(at, thread)) === true) return { outcome: 'adopted', nodeId: thread };
    await writer.resolveThread(at, thread);
    return { outcome: 'sent', nodeId: thread };
  },
  async find({ thread }, { reader, at }) {
    const resolved = (await reader.threadResolved(at, thread)) === true;
    return resolved ? { outcome: 'adopted', nodeId: thread } : undefined;
  },
};
