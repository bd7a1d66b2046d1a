import type { Verdict } from '../../src/domain/gate.ts';
import type { RunId, TreeId } from '../../src/domain/ids.ts';
import type { JournalEntry } from '../../src/domain/journal.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import type { Actor } from '../../src/domain/repository.ts';
import type { Run } from '../../src/domain/run.ts';

const ada: Actor = { id: 815, login: 'ada', type: 'User' };
export const tree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904' as TreeId;

export const run: Run = {
  id: '01hzx3w5m8q2v7c9k4t6r1n0pd' as RunId,
  installationId: 3,
  repository: {
    id: 10,
    owner: 'o',
    name: 'shop',
    cloneUrl: 'https://git.example/o/shop.git',
    htmlUrl: 'https://git.example/o/shop',
    private: false,
    defaultBranch: 'main',
  },
  target: { kind: 'issue', number: 7, htmlUrl: 'https://git.example/o/shop/issues/7' },
  branches: { base: 'main', head: 'agent/7-empty-cart', headSha: null },
  input: {
    title: 'Total of an empty cart is NaN',
    body: 'It should be 0.',
    instruction: null,
    author: ada,
    sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    dropped: [],
  },
  requestedBy: ada,
  requestedByRole: 'write',
  trigger: 'label',
  triggerKey: 'label:1',
  deliveryGuid: null,
  trackingIssue: 7,
  commentId: null,
  state: 'running',
  epoch: 1,
  cancelReason: null,
  crashes: 0,
  createdAt: new Date('2026-11-01T10:00:00Z'),
  endedAt: null,
};

/** Events as entries, one second apart. */
export function journalOf(events: readonly JournalEvent[]): readonly JournalEntry[] {
  return events.map((event, index) => ({
    runId: run.id,
    seq: index + 1,
    epoch: 1,
    at: new Date(Date.parse('2026-11-01T10:00:00Z') + index * 1_000),
    event,
    hash: '',
  }));
}

export const verdicts = {
  tests: {
    gate: 'tests',
    status: 'pass',
    blocking: true,
    summary: '12 tests pass; 1 failed on base and passes here',
    treeId: tree,
    evidence: [{ command: 'npm test', base: '11 passed, 1 failed', head: '12 passed', durationMs: 2_345 }],
    findings: [],
    feedback: '',
    details: { fixed: ['test/cart.test.js › total of an empty cart is 0'] },
  },
  secrets: {
    gate: 'secrets',
    status: 'pass',
    blocking: true,
    summary: 'no secret in 3 added lines',
    treeId: tree,
    evidence: [],
    findings: [],
    feedback: '',
    details: {},
  },
  lint: {
    gate: 'lint',
    status: 'not-run',
    blocking: false,
    summary: 'the repository has no lint command',
    treeId: tree,
    evidence: [],
    findings: [],
    feedback: '',
    details: {},
  },
} as const satisfies Readonly<Record<string, Verdict>>;

const usage = {
  inputTokens: 900,
  outputTokens: 120,
  cacheReadTokens: 100,
  cacheWriteTokens: 0,
  reported: true,
};

/** A whole run that a model worked on, in the order of its journal. */
export const modelEvents: readonly JournalEvent[] = [
  {
    kind: 'run.created',
    trigger: 'label',
    inputSha256: run.input.sha256,
    dropped: [{ where: 'issue body', what: 'HTML comments', count: 2 }],
  },
  { kind: 'run.claimed', worker: 'w1', epoch: 1 },
  { kind: 'step.started', step: 'recon', round: 1 },
  {
    kind: 'base.chosen',
    base: 'main',
    head: 'agent/7-empty-cart',
    headTip: null,
    baseSha: 'a'.repeat(40),
    startSha: 'a'.repeat(40),
    startTree: tree,
    files: 12,
    notes: ['The repository has a submodule; it was not fetched.'],
  },
  { kind: 'step.finished', step: 'recon', round: 1, summary: '12 files, npm', durationMs: 4_100 },
  { kind: 'sandbox.chosen', engine: 'bwrap', version: '0.8.0' },
  {
    kind: 'plan.made',
    solver: 'model',
    summary: 'Start the sum at 0.',
    steps: [
      { id: '1', title: 'Give reduce a start value', acceptance: 'the failing test passes', status: 'open' },
      { id: '2', title: 'Look for other sums', acceptance: '', status: 'open' },
    ],
    risk: 'Low: one line.',
  },
  {
    kind: 'turn.answered',
    turn: 1,
    message: { role: 'assistant', parts: [] },
    usage,
    model: 'anthropic:claude-x',
    costUsd: 0.0123,
  },
  {
    kind: 'decision.recorded',
    turn: 1,
    decision: {
      question: 'What is the total of an empty cart?',
      options: ['0', 'throw an error'],
      choice: '0',
      reason: 'The issue says so, and the test expects it.',
      evidence: 'test/cart.test.js',
    },
  },
  {
    kind: 'plan.updated',
    steps: [
      { id: '1', title: 'Give reduce a start value', acceptance: 'the failing test passes', status: 'done' },
      { id: '2', title: 'Look for other sums', acceptance: '', status: 'dropped' },
    ],
  },
  {
    kind: 'solver.finished',
    round: 1,
    solver: 'model',
    stopReason: 'finished',
    summary: 'The sum now starts at `0`, so an empty cart costs nothing.',
    notDone: '',
    treeId: tree,
    details: {},
  },
  { kind: 'gate.judged', round: 1, verdict: verdicts.tests },
  { kind: 'gate.judged', round: 1, verdict: verdicts.lint },
  { kind: 'gate.judged', round: 1, verdict: verdicts.secrets },
  {
    kind: 'commit.made',
    commit: 'c'.repeat(40),
    treeId: tree,
    files: [{ path: 'src/cart.js', status: 'modified', additions: 3, deletions: 1, binary: false }],
  },
  {
    kind: 'effect.sent',
    effect: 'branch.push',
    key: 'push',
    result: { outcome: 'sent', sha: 'c'.repeat(40) },
  },
  {
    kind: 'effect.sent',
    effect: 'pull.open',
    key: 'pull',
    result: { outcome: 'sent', number: 8, url: 'https://git.example/o/shop/pull/8', draft: true },
  },
];
