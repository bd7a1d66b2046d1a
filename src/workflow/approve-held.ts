import type { CommitId } from '../domain/ids.ts';
import type { MessageAuthor, Wait } from '../domain/journal-event.ts';
import { writingRoles } from '../domain/repository.ts';
import type { RunMessage } from '../domain/run-inbox.ts';
import { holdHash } from '../record/hold-hash.ts';
import { projectRun } from '../record/project-run.ts';
import { awaitPerson, beginWait, endOf, type Judgement } from './await-person.ts';
import { type ApprovalRule, judgeApproval, mayStillApprove, recordApproval } from './judge-approval.ts';
import type { RunContext } from './run-context.ts';
import { isWords } from './words.ts';

type HeldWait = Extract<Wait, { kind: 'held' }>;

/** `by`: a person released exactly this state. `why`: nobody did, and nobody is asked any more. */
export type HeldOutcome =
  | { readonly released: true; readonly by: MessageAuthor }
  | { readonly released: false; readonly why: string };

const rule: ApprovalRule = {
  roles: writingRoles,
  otherHash: 'not what waits',
  lacksRole: 'what is held needs the role write',
};
const spent = 'wait-spent:';

/**
 * A draft that only holds keep from being ready waits here until somebody with `write` approves exactly this state.
 * Each time the step is taken up, GitHub is asked again for the approver's role, and whether the branch still is what
 * was judged: an approval must not carry commits along that nobody judged. `tell` shows what is asked for.
 */
export async function approveHeld(
  context: RunContext,
  draft: { readonly number: number; readonly commit: CommitId; tell(): Promise<void> },
): Promise<HeldOutcome> {
  for (;;) {
    const wait = waitFor(context, draft.number);
    await beginWait(context, wait);
    if (!endOf(context, wait)) await draft.tell();
    await endIfMoved(context, wait, draft.commit);
    const { by, text, outcome } = await awaitPerson(context, wait, (message) => judge(message, wait));
    if (by === null || outcome === 'void') return { released: false, why: text };
    if (isDecided(context, wait) || (await mayStillApprove(context, by, rule))) {
      await endIfMoved(context, wait, draft.commit);
      if (endOf(context, wait)?.outcome === 'void') continue;
      await recordRelease(context, wait, by);
      return { released: true, by };
    }
    const lost = `${by.login} approved and has no longer the role for it, so another approval is needed.`;
    await makeVoid(context, wait, { key: `${spent}${wait.id}`, text: lost });
  }
}

function waitFor(context: RunContext, pull: number): HeldWait {
  const hash = holdHash(projectRun(context.run, context.entries).verdicts) ?? '';
  const before = context.entries.filter(({ key }) => key?.startsWith(`${spent}held:${hash}:`)).length;
  return { id: `held:${hash}:${1 + before}`, kind: 'held', hash, pull };
}

/** After it was marked ready, the branch is people's own business. */
async function endIfMoved(context: RunContext, wait: HeldWait, commit: CommitId): Promise<void> {
  if (context.last('effect.sent', ({ effect }) => effect === 'pull.ready')) return;
  if (endOf(context, wait)?.outcome === 'void') return;
  const { head } = context.fact('base.chosen');
  if ((await context.ports.pusher.remoteTip(context.run, head)) === commit) return;
  const text = 'The branch was changed after it was judged, so it is not marked ready.';
  await makeVoid(context, wait, { key: `wait-moved:${wait.id}`, text });
}

async function makeVoid(
  context: RunContext,
  { id: waitId }: HeldWait,
  { key, text }: { readonly key: string; readonly text: string },
): Promise<void> {
  await context.append({ kind: 'wait.ended', waitId, outcome: 'void', by: null, text }, key);
}

function judge(message: RunMessage, wait: HeldWait): Judgement {
  if (message.kind === 'event' && message.details?.['event'] === 'changes-requested')
    return { end: 'void', text: `${message.actor.login} requested changes, which are worked on next.` };
  if (isWords(message))
    return {
      taken: `the work is pushed: \`/agent stop\`, then \`/agent fix\` on #${wait.pull} has it changed`,
    };
  return judgeApproval(message, wait, rule);
}

function isDecided({ entries }: RunContext, { id }: HeldWait): boolean {
  return entries.some(({ key }) => key === `decision:${id}`);
}

async function recordRelease(context: RunContext, wait: HeldWait, by: MessageAuthor): Promise<void> {
  await recordApproval(context, wait, {
    by,
    question: 'May what the gates hold be released?',
    yes: 'yes, exactly this state',
    reason: 'a person with write access looked at what was held',
    evidence: by.commentId === null ? '' : `comment ${by.commentId}`,
  });
}
