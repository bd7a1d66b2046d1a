import { createHash } from 'node:crypto';
import type { CommitId } from '../domain/ids.ts';
import type { JournalEvent, MessageAuthor, Wait } from '../domain/journal-event.ts';
import { writingRoles } from '../domain/repository.ts';
import { whyByPath } from '../gates/find-protected.ts';
import { sanitise, sanitiseTitle } from '../text/sanitise.ts';
import { addressOf } from './address.ts';
import { planText } from './assess-plan.ts';
import { awaitPerson } from './await-person.ts';
import { type ApprovalRule, judgeApproval, recordApproval } from './judge-approval.ts';
import { openWorkspace } from './open-workspace.ts';
import type { RunContext } from './run-context.ts';
import { namedFiles } from './score-plan.ts';
import { refuse, type StepOutcome } from './step.ts';
import { repositoryConfig, startTree } from './steps/snapshot.ts';
import { wordsWait } from './words.ts';

type PlanWait = Extract<Wait, { kind: 'plan' }>;
type PlanMade = Extract<JournalEvent, { kind: 'plan.made' }>;

const rule: ApprovalRule = {
  roles: writingRoles,
  otherHash: 'not the plan that waits',
  lacksRole: 'a plan needs the role write',
};

/**
 * Holds a plan until somebody approves exactly it, where the configuration, its risk or `/agent plan` asks for that.
 * Undefined: carry it out. `revised`: somebody said what to do otherwise, so another plan has to be made.
 */
export async function approvePlan(context: RunContext): Promise<StepOutcome | 'revised' | undefined> {
  const made = context.fact('plan.made');
  if (!needsApproval(context, made)) return undefined;
  const wait = waitFor(context, made);
  if (isWithdrawn(context, wait)) return 'revised';
  if (!isApproved(context, wait) && (await wordsWait(context))) return await withdraw(context, wait);
  const { by, text } = await awaitPerson(context, wait, (message) => judgeApproval(message, wait, rule));
  if (by === null) return refuse(`${text} Nothing was changed.`);
  const voided = (await changedText(context)) ?? (await movedBase(context, made));
  if (voided !== undefined)
    return refuse(`${voided} The approval was for something else, so nothing was changed. Ask again.`);
  await recordGoAhead(context, wait, by);
  return undefined;
}

/** The repair engine tries what tests decide about: it is asked about only where everything is. */
function needsApproval(context: RunContext, { solver, assessment }: PlanMade): boolean {
  const { trigger } = context.run;
  if (trigger === 'local') return false;
  if (trigger === 'plan') return true;
  const mode = repositoryConfig(context).plan ?? 'risk';
  if (mode === 'risk') return solver === 'model' && assessment?.high === true;
  return mode === 'always';
}

/** Bound to every word of the plan and to the commit that it was made on. */
function waitFor(context: RunContext, made: PlanMade): PlanWait {
  const { baseSha } = context.fact('base.chosen');
  const steps = made.steps.map(({ title, acceptance }) => [title, acceptance]);
  const material = JSON.stringify([made.solver, made.summary, steps, baseSha]);
  const hash = createHash('sha256').update(material).digest('hex');
  const number = context.entries.filter(({ event }) => event.kind === 'plan.made').length;
  return { id: `plan:${hash}:${number}`, kind: 'plan', hash, baseSha, reasons: reasonsFor(context, made) };
}

function reasonsFor(context: RunContext, { assessment }: PlanMade): readonly string[] {
  const risk = assessment?.reasons ?? [];
  if (context.run.trigger === 'plan') return ['a plan was asked for', ...risk];
  if (repositoryConfig(context).plan === 'always')
    return ['this repository wants to see every plan', ...risk];
  return risk;
}

function withdrawnKey({ id }: PlanWait): string {
  return `wait-spent:${id}`;
}

function isWithdrawn(context: RunContext, wait: PlanWait): boolean {
  return context.entries.some(({ key }) => key === withdrawnKey(wait));
}

function isApproved(context: RunContext, { id }: PlanWait): boolean {
  return (
    context.last('wait.ended', ({ waitId, outcome }) => waitId === id && outcome === 'approved') !== undefined
  );
}

async function withdraw(context: RunContext, wait: PlanWait): Promise<'revised'> {
  const text = 'Somebody said what to do otherwise, so another plan is made.';
  await context.append(
    { kind: 'wait.ended', waitId: wait.id, outcome: 'void', by: null, text },
    withdrawnKey(wait),
  );
  return 'revised';
}

/** The plan was made for the text that was frozen; whoever approves it later may have read another one. */
async function changedText({ run, ports }: RunContext): Promise<string | undefined> {
  const at = addressOf(run);
  const { number, kind } = run.target;
  const now = kind === 'issue' ? await ports.reader.issue(at, number) : await ports.reader.pull(at, number);
  if (!now) return undefined;
  const same =
    sanitiseTitle(now.title).text === run.input.title && sanitise(now.body, 'body').text === run.input.body;
  return same ? undefined : `The text of #${number} was changed after the plan was asked for.`;
}

/** A base that moved elsewhere matters to nobody; what the plan names or is protected does. */
async function movedBase(context: RunContext, made: PlanMade): Promise<string | undefined> {
  const { run, ports } = context;
  const { base, baseSha } = context.fact('base.chosen');
  const tip = await ports.workspaces.fetch(run, run.repository, { branch: base, sha: null });
  if (tip === baseSha) return undefined;
  const workspace = await openWorkspace(context);
  const before = await ports.workspaces.facts(run.repository, baseSha as CommitId);
  const after = await ports.workspaces.facts(run.repository, tip);
  const changed = (await workspace.changes(before.tree, after.tree)).map(({ path }) => path);
  const named = new Set(namedFiles(planText(made), await workspace.listFiles(startTree(context))));
  const { protected: globs = [] } = repositoryConfig(context);
  const hit = changed.find((path) => named.has(path) || whyByPath(path, globs) !== undefined);
  if (hit !== undefined) return `\`${hit}\` changed on \`${base}\` after the plan was made.`;
  const text = `${base} moved while the plan waited; nothing that the plan names changed, so the approval holds.`;
  await context.append({ kind: 'note', level: 'info', text }, 'note:base-moved');
  return undefined;
}

async function recordGoAhead(context: RunContext, wait: PlanWait, by: MessageAuthor): Promise<void> {
  await recordApproval(context, wait, {
    by,
    question: 'May the plan be carried out?',
    yes: 'yes, exactly this plan',
    reason: wait.reasons.join('; '),
    evidence: `base ${wait.baseSha}${by.commentId === null ? '' : `, comment ${by.commentId}`}`,
  });
}
