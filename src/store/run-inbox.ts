import { betweenCrashPoints, crashPoint } from '../domain/crash-point.ts';
import type { RunId } from '../domain/ids.ts';
import type { Actor, Role } from '../domain/repository.ts';
import type { NewRunMessage, PostResult, RunInbox, RunMessage, RunMessageKind } from '../domain/run-inbox.ts';
import type { Row, Statements } from './database.ts';
import { toQueueKeys } from './run-row.ts';
import type { RunParts } from './runs.ts';

/** The inbox over Postgres. */
export function openRunInbox(parts: RunParts): RunInbox {
  return {
    post: (message) => betweenCrashPoints('message.post', () => post(parts, message)),
    async runOf(triggerKey) {
      const [known] = await parts.database.run('find-run-message', [triggerKey]);
      return known?.run_id as RunId | undefined;
    },
    async pending(runId) {
      return (await parts.database.run('pending-run-messages', [runId])).map(toMessage);
    },
  };
}

async function post({ database, jobs }: RunParts, message: NewRunMessage): Promise<PostResult> {
  return await database.transaction(async (on) => {
    // A claim locks the job, then the run; without this a post would lock them the other way round.
    await on.run('lock-claims');
    // Appends hold the row: with a statement of its own the insert sees whether the end was journaled meanwhile.
    await on.run('hold-run', [message.runId]);
    const [inserted] = await on.run('insert-run-message', toValues(message));
    if (!inserted) return await whyNotPosted(on, message);
    const [row] = await on.run('get-run', [message.runId]);
    if (row?.state === 'parked' && wakes(message.kind, row.park_cause)) {
      await on.run('requeue-run', [message.runId]);
      await jobs.put(on, { ...toQueueKeys(row), delayMs: 0, priority: 15 });
    }
    await on.run('notify-run');
    await crashPoint('message.post.before-commit');
    return 'posted';
  });
}

async function whyNotPosted(on: Statements, { triggerKey }: NewRunMessage): Promise<PostResult> {
  const [known] = await on.run('find-run-message', [triggerKey]);
  return known ? 'repeated' : 'over';
}

/** Words for the agent change nothing about a provider that is away; every command may. */
function wakes(kind: RunMessageKind, cause: unknown): boolean {
  return (
    cause === null || cause === 'person' || cause === 'checks' || (kind !== 'message' && kind !== 'revise')
  );
}

/** Whether something waits that the run's owner, who is just giving it back, has not seen. */
export async function hasUnseen(on: Statements, runId: RunId, seenSeq: number): Promise<boolean> {
  return (await on.run('has-unseen-message', [runId, seenSeq])).length > 0;
}

function toValues(message: NewRunMessage): readonly unknown[] {
  const { runId, kind, text, details, actor, role, commentId, triggerKey } = message;
  const payload = JSON.stringify({ text, ...(details ? { details } : {}) });
  return [runId, kind, payload, actor.id, actor.login, actor.type, role, commentId, triggerKey];
}

function toMessage(row: Row): RunMessage {
  const payload = JSON.parse(row.payload as string) as Pick<NewRunMessage, 'text' | 'details'>;
  return {
    runId: row.run_id as RunId,
    seq: Number(row.seq),
    kind: row.kind as RunMessageKind,
    ...payload,
    actor: {
      id: Number(row.actor_id),
      login: row.actor_login as string,
      type: row.actor_type as Actor['type'],
    },
    role: row.actor_role as Role,
    commentId: row.comment_id === null ? null : Number(row.comment_id),
    triggerKey: row.trigger_key as string,
    createdAt: row.created_at as Date,
  };
}
