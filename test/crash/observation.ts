import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalEntry } from '../../src/domain/journal.ts';
import type { Run } from '../../src/domain/run.ts';
import type { Spend } from '../../src/domain/spend.ts';
import { effectFamilies } from '../../src/effects/effect-families.ts';
import { runGit } from '../../src/hub/git/run-git.ts';
import type { Issue, Pull, Reaction } from '../../src/hub/state/model.ts';
import type { HubStage } from '../support/hub-stage.ts';
import { openTestStore } from '../support/open-test-store.ts';
import { maskText } from './mask-text.ts';
import { processesUnder } from './processes-under.ts';

/** What is left when everything is over. */
export interface Observation {
  /** GitHub's state as text, without the masked fields. */
  readonly github: string;
  /** One line for each step, verdict and tree of the journal. */
  readonly projection: readonly string[];
  readonly runs: readonly {
    readonly state: string;
    readonly crashes: number;
    readonly chainBrokenAt: number | null;
  }[];
  /** How often each effect key that is not idempotent has a result in the journal. */
  readonly results: Readonly<Record<string, number>>;
  readonly unresolved: readonly string[];
  readonly spend: Spend;
  readonly modelCalls: number;
  readonly leftDirectories: readonly string[];
  readonly leftProcesses: readonly string[];
}

/** Looks at the local GitHub, the database and the machine. */
export async function observe(stage: HubStage, modelCalls: number): Promise<Observation> {
  const store = await openTestStore(stage.env['DATABASE_URL'] ?? '', { worker: 'observer' });
  try {
    const runs = await store.runs.list({ limit: 100 });
    const entries = (await Promise.all(runs.map(({ id }) => store.journal.read(id)))).flat();
    const effects = (await Promise.all(runs.map(({ id }) => store.effects.list(id)))).flat();
    const totals = await Promise.all(runs.map(({ id }) => store.spend.total(id)));
    return {
      github: await describeGithub(stage, runs.flatMap(inputOfRound)),
      projection: entries.flatMap(projected),
      runs: await Promise.all(runs.map((run) => describeRun(run, () => store.journal.verify(run.id)))),
      results: countResults(entries),
      unresolved: effects.filter(({ state }) => state !== 'done').map(({ key }) => key),
      spend: {
        usd: totals.reduce((sum, { usd }) => sum + usd, 0),
        tokens: totals.reduce((sum, { tokens }) => sum + tokens, 0),
      },
      modelCalls,
      leftDirectories: await readdir(join(stage.stateDir, 'runs')).catch(() => []),
      leftProcesses: await processesUnder(stage.stateDir),
    };
  } finally {
    await store.close();
  }
}

async function describeRun(run: Run, verify: () => Promise<number | null>) {
  return { state: run.state, crashes: run.crashes, chainBrokenAt: await verify() };
}

function projected({ event }: JournalEntry): readonly string[] {
  switch (event.kind) {
    case 'step.finished':
      return [`${event.step}:${event.round}`];
    case 'gate.judged':
      return [`${event.verdict.gate}:${event.round} ${event.verdict.status} ${event.verdict.treeId}`];
    case 'solver.finished':
      return [`solver:${event.round} ${event.stopReason} ${event.treeId}`];
    case 'run.ended':
      return [`ended ${event.state}`];
    default:
      return [];
  }
}

function countResults(entries: readonly JournalEntry[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { runId, event } of entries) {
    if (event.kind !== 'effect.sent' || effectFamilies[event.effect].idempotent) continue;
    const key = `${runId} ${event.key}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** What a round is asked for names the commit that the review stands on. */
function inputOfRound({ input }: Run): readonly string[] {
  return input.round ? [input.sha256] : [];
}

async function describeGithub(
  { hub, repository }: HubStage,
  otherInputs: readonly string[],
): Promise<string> {
  const state = hub.admin.repository(repository);
  const lines = state.issues.flatMap(describeIssue);
  const branches = [...state.refs.keys()].filter((ref) => ref.startsWith('refs/heads/')).sort();
  for (const ref of branches) lines.push(...(await describeBranch(state.gitDir, ref)));
  for (const suite of state.suites) {
    for (const run of suite.runs) {
      const { name, status, conclusion, output, annotations, externalId } = run;
      lines.push(`check ${name} ${externalId} ${status} ${conclusion} ${annotations.length} annotations`);
      lines.push(indented(`${output.title}\n${output.summary}`));
    }
  }
  const { stdout } = await runGit([`--git-dir=${state.gitDir}`, 'rev-list', '--all']);
  return maskText(lines.join('\n'), [...stdout.toString().split('\n'), ...otherInputs]);
}

function describeIssue(issue: Issue): readonly string[] {
  const { number, state, title, body, labels, assignees, pull, comments } = issue;
  const names = labels.map(({ name }) => name).sort();
  const people = [...assignees, ...(pull?.requestedReviewers ?? [])].map(({ login }) => login);
  const head = pull ? `pull ${pull.headRef} -> ${pull.baseRef}${pull.draft ? ' draft' : ''}` : 'issue';
  return [
    `${head} #${number} ${state} "${title}" [${names.join(', ')}] ${people.join(' ')} ${reactions(issue.reactions)}`,
    indented(body ?? ''),
    ...comments.flatMap((comment) => [
      `  comment by ${comment.user.login} ${reactions(comment.reactions)}`,
      indented(comment.body),
    ]),
    ...(pull ? describeReviews(pull) : []),
  ];
}

function describeReviews({ reviews, reviewComments }: Pull): readonly string[] {
  return [
    ...reviews.flatMap(({ user, state, body }) => [`  review by ${user.login} ${state}`, indented(body)]),
    ...reviewComments.flatMap(({ user, path, line, thread, body, reactions: list }) => [
      `  on ${path}:${line} by ${user.login} ${reactions(list)} resolved by ${thread.resolvedBy?.login ?? 'nobody'}`,
      indented(body),
    ]),
  ];
}

function reactions(list: readonly Reaction[]): string {
  return list
    .map(({ content }) => content)
    .sort()
    .join(' ');
}

async function describeBranch(gitDir: string, ref: string): Promise<readonly string[]> {
  const format = '--format=tree %T by %an <%ae>%n%B';
  const { stdout } = await runGit([`--git-dir=${gitDir}`, 'log', '--first-parent', format, ref]);
  return [`branch ${ref}`, indented(stdout.toString())];
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
