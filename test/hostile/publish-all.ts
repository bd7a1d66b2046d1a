import type { AgentOutcome } from '../../src/agent/agent-options.ts';
import type { Effect } from '../../src/domain/effect.ts';
import type { TreeId } from '../../src/domain/ids.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import type { Lease, Run } from '../../src/domain/run.ts';
import { projectRun } from '../../src/record/project-run.ts';
import { renderChecks } from '../../src/record/render-check.ts';
import {
  renderCommitMessage,
  renderPullRequestBody,
  renderPullTitle,
} from '../../src/record/render-pull-request.ts';
import { renderTrackingComment } from '../../src/record/render-tracking-comment.ts';
import { commit, effectsOver } from '../effects/effects-fixture.ts';
import { MemoryForge } from '../effects/memory-forge.ts';
import { journalOf } from '../record/run-fixture.ts';
import { findActive, findActiveLine } from './judge-published.ts';

/** What an observer of the forge would see, and what of it should not be there. */
export interface Published {
  /** Names of the writes that were made. */
  readonly writes: readonly string[];
  readonly texts: readonly string[];
  readonly forbidden: readonly string[];
}

/** Everything that publishing writes, in its order, through the effects and onto a forge in memory. */
export async function publishAll(
  run: Run,
  events: readonly JournalEvent[],
  ends: { readonly planned: AgentOutcome; readonly outcome: AgentOutcome },
): Promise<Published> {
  const forge = new MemoryForge();
  const { effects } = effectsOver(forge);
  const record = projectRun(run, journalOf([...events, ...endings(run, ends)]));
  const message = renderCommitMessage(record, { noreplyHost: 'github.test' });
  const lease: Lease = { runId: run.id, epoch: 1, signal: new AbortController().signal };
  const perform = (key: string, effect: Effect) => effects.perform(run, lease, key, effect);
  const issue = run.target.number;
  await perform('tracking', { kind: 'tracking.update', issue, body: renderTrackingComment(record) });
  await perform('commit', {
    kind: 'commit.publish',
    branch: run.branches.head,
    expected: null,
    parent: commit,
    parentTree: 'e'.repeat(40) as TreeId,
    tree: 'd'.repeat(40) as TreeId,
    message,
    files: [],
  });
  const title = renderPullTitle(record);
  const body = renderPullRequestBody(record);
  const { head, base } = run.branches;
  const pull = await perform('pull', { kind: 'pull.open', head, base, title, body, draft: true });
  for (const check of renderChecks(record))
    await perform(`check:${check.name}`, { kind: 'check.publish', headSha: commit, ...check });
  return judge(run, forge, { message, pull: pull.number ?? 0 });
}

function endings(
  run: Run,
  { planned, outcome }: { readonly planned: AgentOutcome; readonly outcome: AgentOutcome },
): readonly JournalEvent[] {
  const { base, head } = run.branches;
  return [
    {
      kind: 'base.chosen',
      base,
      head,
      headTip: null,
      baseSha: commit,
      startSha: commit,
      startTree: 'e'.repeat(40) as TreeId,
      files: 9,
      notes: [],
    },
    {
      kind: 'plan.made',
      solver: 'model',
      summary: planned.summary,
      steps: planned.plan,
      risk: planned.summary,
    },
    {
      kind: 'solver.finished',
      solver: 'model',
      round: 1,
      stopReason: outcome.stopReason,
      treeId: 'd'.repeat(40) as TreeId,
      summary: outcome.summary,
      notDone: outcome.notDone,
      details: {},
    },
  ];
}

interface Made {
  readonly message: string;
  readonly pull: number;
}

function judge(run: Run, forge: MemoryForge, { message, pull }: Made): Published {
  const numbers = [run.target.number, run.trackingIssue ?? 0, pull];
  const allowed = { repositoryUrl: run.repository.htmlUrl, numbers };
  const [subject = '', ...rest] = message.split('\n');
  const markdowns = [
    ...forge.comments.map(({ body }) => body),
    ...forge.pulls.map(({ body }) => body),
    ...forge.checks.map(({ content }) => content.summary),
  ];
  // Annotations are shown as they are: nothing in them is Markdown.
  const annotations = forge.checks.flatMap(({ content }) =>
    content.annotations.map(({ message: words }) => words),
  );
  const lines = [subject, ...rest.slice(0, -1), ...forge.pulls.map(({ title }) => title), ...annotations];
  return {
    writes: forge.applied,
    texts: [...markdowns, ...annotations, message, ...forge.pulls.map(({ title }) => title)],
    forbidden: [
      ...markdowns.flatMap((text) => findActive(text, allowed)),
      ...lines.flatMap(findActiveLine),
      ...forge.checks.flatMap(({ content }) => findActiveLine(content.title)),
      ...forge.applied.filter((name) => !expectedWrites.has(name)).map((name) => `a write: ${name}`),
      ...forge.comments.filter(({ issue }) => issue !== run.target.number).map(() => 'a comment elsewhere'),
      ...[...forge.branches.keys()]
        .filter((name) => name !== run.branches.head)
        .map((name) => `a branch: ${name}`),
      ...forge.pulls.filter(({ draft }) => !draft).map(() => 'a pull request that is ready'),
      ...trailersOf(message).filter(
        (line) => !line.startsWith(`Pullwright-Run: ${run.id}`) && !line.startsWith('Co-authored-by: ada <'),
      ),
    ],
  };
}

const expectedWrites = new Set([
  'createComment',
  'updateComment',
  'createTree',
  'createCommit',
  'createBranch',
  'createPull',
  'createCheck',
  'updateCheck',
]);

function trailersOf(message: string): readonly string[] {
  return message.trimEnd().split('\n\n').at(-1)?.split('\n') ?? [];
}
