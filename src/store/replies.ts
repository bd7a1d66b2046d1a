import { betweenCrashPoints } from '../domain/crash-point.ts';
import type { ReplyLedger } from '../domain/effect.ts';
import type { Database } from './database.ts';

/** `workerId`: the number that intents are bound to, so that those of a dead worker are taken over at once. */
export function openReplies(database: Database, workerId: () => number | undefined): ReplyLedger {
  return {
    async intend(key) {
      const [intended] = await betweenCrashPoints('reply.intend', () =>
        database.run('intend-reply', [key, workerId() ?? null]),
      );
      if (intended) return { key, isNew: intended.is_new === true, token: intended.token as string };
      return (await database.run('reply-is-done', [key])).length > 0 ? 'done' : 'busy';
    },
    async resolve({ key }) {
      await betweenCrashPoints('reply.resolve', () => database.run('resolve-reply', [key]));
    },
    async release({ key, token }) {
      await database.run('release-reply', [key, token]);
    },
  };
}
