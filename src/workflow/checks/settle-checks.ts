import type { ChecksJudged } from '../../domain/checks.ts';
import { projectRun } from '../../record/project-run.ts';
import { renderChecksQuestion } from '../../record/render-checks-question.ts';
import { reopenedFor } from '../before-push.ts';
import { checkAuthority } from '../check-authority.ts';
import { reopen } from '../publication.ts';
import type { RunContext } from '../run-context.ts';
import { awaitChecks, type ShownCommit } from './await-checks.ts';

/**
 * What others' checks mean for a pushed commit. `ready`: they are in nobody's way. `again`: the work goes back, which is
 * journaled. `draft`: it stays one, for `why`.
 */
export type ChecksOutcome =
  | { readonly kind: 'ready' }
  | { readonly kind: 'again'; readonly why: string }
  | { readonly kind: 'draft'; readonly why: string };

/** Waits for others' checks and draws the consequences: back to work at most three times, then a person is asked. */
export async function settleChecks(context: RunContext, shown: ShownCommit): Promise<ChecksOutcome> {
  const judged = await awaitChecks(context, shown);
  if (judged === undefined) return { kind: 'ready' };
  if (judged === 'words') {
    await reopen(context, { ...shown, why: 'words' });
    return { kind: 'again', why: reopenedFor.words };
  }
  if (judged.outcome === 'fix') return await mend(context, shown, judged);
  if (judged.outcome === 'ask') return await askPerson(context, shown, judged.why);
  return await whileTheyMay(context);
}

/** A round that came back with the same tree will not come to another one by being told the same again. */
async function mend(context: RunContext, shown: ShownCommit, { why }: ChecksJudged): Promise<ChecksOutcome> {
  const isTried = context.last(
    'publication.reopened',
    (event) => event.why === 'checks' && event.commit === shown.commit,
  );
  if (isTried) return await askPerson(context, shown, `${why} The last round changed nothing.`);
  await reopen(context, { ...shown, why: 'checks' });
  return { kind: 'again', why };
}

/** A comment of its own, because an edit tells nobody. */
async function askPerson(context: RunContext, { number }: ShownCommit, why: string): Promise<ChecksOutcome> {
  const { run, lease, ports } = context;
  const body = renderChecksQuestion(projectRun(run, context.entries), why);
  await ports.effects.perform(run, lease, 'checks-question', { kind: 'comment.create', issue: number, body });
  await context.refresh();
  return { kind: 'draft', why };
}

/** Hours can have passed since the push, and nobody else answers for marking it ready. */
async function whileTheyMay(context: RunContext): Promise<ChecksOutcome> {
  if (!context.last('wait.begun', ({ wait }) => wait.kind === 'checks')) return { kind: 'ready' };
  const refusal = await checkAuthority(context);
  const who = context.run.requestedBy.login;
  return refusal
    ? { kind: 'draft', why: `@${who} asked for this run and may no longer write here.` }
    : { kind: 'ready' };
}
