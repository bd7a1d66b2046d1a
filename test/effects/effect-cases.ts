import type { Effect, EffectKind } from '../../src/domain/effect.ts';
import { markdown } from '../../src/text/markdown.ts';
import { commit, publishCommit, start } from './effects-fixture.ts';
import { MemoryForge } from './memory-forge.ts';

interface Case {
  readonly effect: Effect;
  readonly prepare?: (forge: MemoryForge) => void;
  /** What an observer counts: one is right, whatever happened. */
  readonly seen: (forge: MemoryForge) => number;
}

const [title, body] = [markdown`Title`, markdown`Body`];
const pull = { number: 50, nodeId: 'PR_50' };

/** One effect of each kind, and how one sees that it happened. */
export const cases: { readonly [Kind in EffectKind]: Case } = {
  'reaction.add': {
    effect: { kind: 'reaction.add', on: 'comment', id: 4, content: 'eyes' },
    seen: (forge) => forge.reactions.size,
  },
  'comment.create': {
    effect: { kind: 'comment.create', issue: 7, body },
    seen: (forge) => forge.comments.length,
  },
  'tracking.update': {
    effect: { kind: 'tracking.update', issue: 7, body },
    seen: (forge) => forge.comments.length,
  },
  'tracking-issue.open': {
    effect: { kind: 'tracking-issue.open', title, body },
    seen: (forge) => forge.issues.length,
  },
  'branch.push': {
    effect: { kind: 'branch.push', branch: 'agent/7', commit, expected: start },
    prepare: (forge) => forge.branches.set('agent/7', start),
    seen: (forge) => (forge.branches.get('agent/7') === commit ? 1 : 0),
  },
  'commit.publish': {
    effect: publishCommit,
    prepare: (forge) => forge.branches.set('agent/7', start),
    seen: ({ branches, commits }) => {
      const tip = branches.get('agent/7');
      return tip && commits.get(tip)?.parents[0] === start ? 1 : 0;
    },
  },
  'pull.open': {
    effect: { kind: 'pull.open', head: 'agent/7', base: 'main', title, body, draft: true },
    seen: (forge) => forge.pulls.length,
  },
  'pull.update': {
    effect: { kind: 'pull.update', number: 50, body },
    prepare: (forge) => forge.pulls.push(forge.pullOf(pull)),
    seen: (forge) => forge.pulls.filter((found) => found.body === body).length,
  },
  'pull.ready': {
    effect: { kind: 'pull.ready', ...pull },
    prepare: (forge) => forge.pulls.push(forge.pullOf(pull)),
    seen: (forge) => forge.pulls.filter((found) => !found.draft).length,
  },
  'pull.label': {
    effect: { kind: 'pull.label', number: 50, labels: ['bot'] },
    seen: ({ dressed }) => dressed.size,
  },
  'pull.assign': {
    effect: { kind: 'pull.assign', number: 50, logins: ['ada'] },
    seen: ({ dressed }) => dressed.size,
  },
  'pull.ask-review': {
    effect: { kind: 'pull.ask-review', number: 50, users: ['lin'], teams: [] },
    seen: ({ dressed }) => dressed.size,
  },
  'review.create': {
    effect: { kind: 'review.create', number: 7, commit, body, lines: [] },
    seen: (forge) => forge.reviews.length,
  },
  'check.publish': {
    effect: {
      kind: 'check.publish',
      name: 'agent / tests',
      headSha: commit,
      conclusion: 'success',
      title,
      summary: body,
      annotations: [],
      actions: [],
    },
    seen: (forge) => forge.checks.length,
  },
  'review.reply': {
    effect: { kind: 'review.reply', pull: 50, comment: 8, body },
    seen: (forge) => forge.replies.length,
  },
  'thread.resolve': {
    effect: { kind: 'thread.resolve', pull: 50, thread: 'PRRT_1' },
    prepare: (forge) => forge.threads.set('PRRT_1', false),
    seen: (forge) => [...forge.threads.values()].filter(Boolean).length,
  },
  'journal.push': {
    effect: { kind: 'journal.push', commit, expected: null },
    seen: (forge) => (forge.branches.get('journal') === commit ? 1 : 0),
  },
  'sarif.upload': {
    effect: {
      kind: 'sarif.upload',
      commit,
      pull: 50,
      log: {
        $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
        version: '2.1.0',
        runs: [
          {
            tool: { driver: { name: 'Pullwright', rules: [] } },
            automationDetails: { id: 'pullwright/' },
            results: [],
          },
        ],
      },
    },
    seen: (forge) => forge.sarifs.size,
  },
};

/** A forge on which the effect can happen. */
export function prepared(kind: EffectKind): {
  readonly forge: MemoryForge;
  readonly effect: Effect;
  readonly seen: () => number;
} {
  const forge = new MemoryForge();
  const { effect, prepare, seen } = cases[kind];
  prepare?.(forge);
  return { forge, effect, seen: () => seen(forge) };
}
