import type { ControlIssue, HeardTicks } from '../../src/domain/control-issue.ts';
import type { Delivery } from '../../src/domain/delivery.ts';
import type { Remark, ReviewRemark } from '../../src/domain/discussion.ts';
import type {
  ForgeIssue,
  ForgePull,
  ForgeReader,
  ForgeRepository,
  LabelEvent,
} from '../../src/domain/forge.ts';
import type { CommitId, RunId } from '../../src/domain/ids.ts';
import type { JournalEvent } from '../../src/domain/journal-event.ts';
import type { Role } from '../../src/domain/repository.ts';
import { plainLine } from '../../src/text/publishable.ts';

import { createDeliveryProcessor } from '../../src/triggers/process-delivery.ts';
import { MemoryInbox } from '../support/memory-inbox.ts';
import { MemoryRuns } from '../support/memory-runs.ts';
import { operatorBudgets } from '../support/operator-budgets.ts';
import { ada } from '../support/payloads.ts';
import { RecordingLog } from '../support/recording-log.ts';
import { createTestClock } from '../support/test-clock.ts';

/** GitHub as the reader sees it, to be changed by a test. */
export interface ForgeState {
  repository: ForgeRepository | undefined;
  issue: ForgeIssue | undefined;
  pull: ForgePull | undefined;
  roles: Record<string, Role>;
  labelEvents: LabelEvent[];
  closing: number[];
  remarks: Remark[];
  /** Pull requests that the bot's own record has. */
  opened: number[];
  review: ReviewRemark[];
  reviewText: { asksForChanges: boolean; body: string } | undefined;
  openPulls: ForgePull[];
  followsBase: boolean;
}

function forgeState(): ForgeState {
  return {
    repository: {
      id: 42,
      archived: false,
      private: false,
      defaultBranch: 'main',
      cloneUrl: 'http://github.test/octo/hello.git',
      htmlUrl: 'http://github.test/octo/hello',
      sizeKib: 4,
      hasIssues: true,
    },
    issue: {
      number: 7,
      state: 'open',
      title: 'edited since',
      htmlUrl: '',
      labels: ['agent'],
      isPullRequest: false,
      body: '',
      locked: false,
      author: { id: 12, login: 'mona', type: 'User' },
      updatedAt: new Date(0),
    },
    pull: {
      number: 7,
      nodeId: 'PR_7',
      state: 'open',
      draft: false,
      merged: false,
      title: '',
      body: '',
      htmlUrl: '',
      author: { id: 12, login: 'mona', type: 'User' },
      base: 'main',
      headRef: 'topic',
      headSha: 'b'.repeat(40) as CommitId,
      headRepositoryId: 42,
      baseRepositoryId: 42,
      mergeable: 'clean',
    },
    roles: { ada: 'write', mona: 'read' },
    labelEvents: [{ id: 501, actor: { ...ada, type: 'User' }, at: new Date(0), appId: null }],
    closing: [],
    remarks: [],
    opened: [],
    review: [],
    reviewText: undefined,
    openPulls: [],
    followsBase: true,
  };
}

function readerOf(state: ForgeState): ForgeReader {
  return {
    repository: async () => state.repository,
    issue: async () => state.issue,
    pull: async () => state.pull,
    openPullByHead: async () => undefined,
    comments: async () => [],
    lineComments: async () => [],
    threadResolved: async () => undefined,
    roleOf: async (_, login) => state.roles[login] ?? 'none',
    checks: async () => [],
    annotations: async () => [],
    closingIssues: async () => state.closing,
    openIssuesByLabel: async () => [],
    file: async () => undefined,
    commit: async () => undefined,
    branchTip: async () => 'c'.repeat(40) as CommitId,
    commitPatch: async () => undefined,
    pullsByHead: async () => [],
    openPullsByBase: async (_, base) => state.openPulls.filter((pull) => pull.base === base),
    paths: async () => [],
    labelEvents: async () => state.labelEvents,
    reviews: async () => [],
  };
}

/** A processor with everything around it. */
export function triggerWorld() {
  const forge = forgeState();
  const runs = new MemoryRuns();
  const journals = new Map<RunId, JournalEvent[]>();
  /** Of journal entries that have one. */
  const keys = new Map<JournalEvent, string>();
  const inbox = new MemoryInbox({
    isOpen: (runId) =>
      runs.all.some(({ id, state }) => id === runId && ['queued', 'running', 'parked'].includes(state)),
    isJournaled: () => false,
  });
  const log = new RecordingLog();
  const clock = createTestClock();
  const replies = new Map<string, string>();
  const reactions: string[] = [];
  const control: { issue: ControlIssue | undefined; shown: number } = { issue: undefined, shown: 0 };
  const uninstalled: { installationId: number; repositoryIds: readonly number[] }[] = [];
  let ids = 0;
  const ports = {
    reader: readerOf(forge),
    discussion: {
      remarks: async () => forge.remarks,
      review: async () => forge.review,
      reviewText: async () => forge.reviewText,
    },
    pulls: { opened: async (_: number, pull: number) => forge.opened.includes(pull) },
    explanations: { explain: async () => plainLine('explained') },
    configs: { show: async (_at: unknown, branch: string) => plainLine(`what applies on ${branch}`) },
    controls: {
      get: async () => control.issue,
      take: async (_at: unknown, { boxes, handled }: HeardTicks) => {
        if (control.issue) control.issue = { ...control.issue, taken: boxes, handled };
      },
      show: async () => {
        control.shown += 1;
      },
    },
    runs,
    inbox,
    journal: {
      read: async (runId: RunId) =>
        (journals.get(runId) ?? []).map((event, index) => ({
          runId,
          seq: index + 1,
          epoch: 1,
          at: new Date(0),
          event,
          key: keys.get(event) ?? null,
          hash: '',
        })),
    },
    spend: { total: async () => ({ usd: 0.5, tokens: 1_200 }) },
    budgets: operatorBudgets,
    log,
    clock,
    replies: {
      react: async (_at: unknown, on: string, id: number) => {
        reactions.push(`${on}:${id}`);
      },
      reply: async (_at: unknown, issue: number, key: string, body: string) => {
        if (replies.has(key)) return false;
        replies.set(key, `#${issue} ${body}`);
        return true;
      },
    },
    bot: { userId: 77, login: 'fixer[bot]', appId: 700 },
    trustedAppIds: [800],
    newRunId: () => {
      ids += 1;
      return `run-${ids}` as RunId;
    },
    labelName: 'agent',
    repositoriesOf: async () => [42, 44],
    followsBase: async () => forge.followsBase,
    onUninstalled: async (installationId: number, repositoryIds: readonly number[]) => {
      uninstalled.push({ installationId, repositoryIds });
    },
  };
  const processor = createDeliveryProcessor(ports);
  const process = (delivery: Delivery) => processor.process(delivery);
  const texts = (): string[] => [...replies.values()];
  return {
    control,
    forge,
    runs,
    inbox,
    journals,
    keys,
    log,
    clock,
    texts,
    reactions,
    uninstalled,
    ports,
    process,
  };
}
