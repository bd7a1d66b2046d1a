import type { MessageAuthor, Wait } from '../domain/journal-event.ts';
import type { Role } from '../domain/repository.ts';
import type { RunMessage } from '../domain/run-inbox.ts';
import { namesHash, shownHashChars } from '../domain/waits.ts';
import { approverRole } from './approver-role.ts';
import type { Judgement } from './await-person.ts';
import type { RunContext } from './run-context.ts';

/** A wait that an approval of exactly its hash ends. */
type ApprovalWait = Extract<Wait, { readonly hash: string }>;

/** Who may approve, and what is said to an approval that does not count. */
export interface ApprovalRule {
  readonly roles: ReadonlySet<Role>;
  /** Before ` now: that is <hash>`. */
  readonly otherHash: string;
  readonly lacksRole: string;
}

/** Checked when it was written and here again: a message could have been meant for a state that is no more. */
export function judgeApproval(message: RunMessage, { hash }: ApprovalWait, rule: ApprovalRule): Judgement {
  switch (message.kind) {
    case 'approve':
      if (!namesHash(message.text, hash))
        return { taken: `${rule.otherHash} now: that is ${hash.slice(0, shownHashChars)}` };
      if (!rule.roles.has(message.role)) return { taken: rule.lacksRole };
      return { end: 'approved', text: '' };
    case 'pause':
    case 'resume':
      return { taken: 'the run stands still already: it waits for an approval' };
    default:
      return 'keep';
  }
}

/** Asked of GitHub again: who has lost the role since approves nothing. */
export async function mayStillApprove(
  context: RunContext,
  by: MessageAuthor,
  { roles }: ApprovalRule,
): Promise<boolean> {
  return roles.has(await approverRole(context, by));
}

/** Who approved which hash, and why that was asked; once for each wait. */
export async function recordApproval(
  context: RunContext,
  { id, hash }: ApprovalWait,
  approval: {
    readonly by: MessageAuthor;
    readonly question: string;
    readonly yes: string;
    readonly reason: string;
    readonly evidence: string;
  },
): Promise<void> {
  const { by, question, yes, reason, evidence } = approval;
  const choice = `yes: ${by.login} (${by.role}) approved ${hash.slice(0, shownHashChars)}`;
  await context.append(
    {
      kind: 'decision.recorded',
      turn: null,
      decision: { question, options: [yes, 'no'], choice, reason, evidence },
    },
    `decision:${id}`,
  );
}
