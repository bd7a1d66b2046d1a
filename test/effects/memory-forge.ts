import { AppError } from '../../src/domain/app-error.ts';
import type { BranchPusher, EffectLedger, EffectRecord } from '../../src/domain/effect.ts';
import type {
  ForgeCheck,
  ForgeComment,
  ForgeCommit,
  ForgeIssue,
  ForgePull,
  ForgeReader,
  ForgeWriter,
  NewCheck,
} from '../../src/domain/forge.ts';
import type { CommitId, TreeId } from '../../src/domain/ids.ts';
import type { JournalPusher } from '../../src/domain/journal-ref.ts';
import type { Actor } from '../../src/domain/repository.ts';
import type { Lease } from '../../src/domain/run.ts';

const bot: Actor = { id: 99, login: 'pullwright[bot]', type: 'Bot' };
export const person: Actor = { id: 1, login: 'ada', type: 'User' };

/** What the next write does: nothing but fail, act and then fail, or be refused for good. */
export type Fault = 'not-applied' | 'applied' | AppError;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function statusOf({ conclusion }: NewCheck): string {
  return conclusion === null ? 'in_progress' : 'completed';
}

/** A forge in memory that can lose requests and answers, and counts what an observer would see. */
export class MemoryForge {
  readonly comments: (Mutable<ForgeComment> & { issue: number })[] = [];
  /** Replies to the comment with this id. */
  readonly replies: (ForgeComment & { to: number })[] = [];
  readonly threads = new Map<string, boolean>();
  readonly issues: Mutable<ForgeIssue>[] = [];
  readonly pulls: Mutable<ForgePull>[] = [];
  readonly checks: (Mutable<ForgeCheck> & { sha: string; content: NewCheck })[] = [];
  readonly reviews: (ForgeComment & { lines: number; commit: CommitId })[] = [];
  readonly reactions = new Set<string>();
  /** By commit and ref: a later log replaces an earlier one. */
  readonly sarifs = new Map<string, string>();
  /** Labels, assignees and reviewers of pull requests. */
  readonly dressed = new Set<string>();
  readonly branches = new Map<string, CommitId>();
  readonly commits = new Map<CommitId, ForgeCommit>();
  /** Names of the writes that were applied. */
  readonly applied: string[] = [];
  readonly faults: (Fault | undefined)[] = [];
  /** What every tree that is made comes to. */
  treeMade = 'd'.repeat(40) as TreeId;
  /** Lines of every file that a review may comment on. */
  diffLines = 10;
  private nextId = 100;

  async write<Result>(name: string, act: () => Result): Promise<Result> {
    const fault = this.faults.shift();
    if (fault instanceof AppError) throw fault;
    if (fault === 'not-applied') throw new AppError('github-unavailable', 'no answer');
    const result = act();
    this.applied.push(name);
    if (fault === 'applied') throw new AppError('github-unavailable', 'no answer');
    return Promise.resolve(result);
  }

  id(): number {
    this.nextId += 1;
    return this.nextId;
  }

  readonly reader = {
    comments: async (_, issue) => this.comments.filter((comment) => comment.issue === issue),
    reviews: async () => this.reviews,
    lineComments: async () => this.replies,
    threadResolved: async (_, thread) => this.threads.get(thread),
    pull: async (_, number) => this.pulls.find((pull) => pull.number === number),
    openPullByHead: async (_, branch) =>
      this.pulls.find((pull) => pull.headRef === branch && pull.state === 'open'),
    commit: async (_, sha) => this.commits.get(sha),
    checks: async (_, sha, name) => this.checks.filter((check) => check.sha === sha && check.name === name),
    annotations: async (_, checkId) =>
      this.checks.find(({ id }) => id === checkId)?.content.annotations ?? [],
    issue: async (_, number) => this.issues.find((issue) => issue.number === number),
    openIssuesByLabel: async (_, label) => this.issues.filter((issue) => issue.labels.includes(label)),
  } as Partial<ForgeReader> as ForgeReader;

  readonly writer: ForgeWriter = {
    addReaction: (_, on, id, content) =>
      this.write('addReaction', () => {
        this.reactions.add(`${on} ${id} ${content}`);
        return { id: 5 };
      }),
    createComment: (_, issue, body) =>
      this.write('createComment', () => {
        const id = this.id();
        const htmlUrl = `https://git.example/c/${id}`;
        this.comments.push({ id, issue, body, author: bot, htmlUrl });
        return { id, url: htmlUrl };
      }),
    updateComment: (_, id, body) =>
      this.write('updateComment', () => {
        const comment = this.comments.find((candidate) => candidate.id === id);
        if (!comment) throw new AppError('github-not-found', 'no such comment');
        comment.body = body;
      }),
    createIssue: (_, { title, body, labels }) =>
      this.write('createIssue', () => {
        const number = this.id();
        const htmlUrl = `https://git.example/i/${number}`;
        this.issues.push({
          number,
          title,
          labels,
          htmlUrl,
          state: 'open',
          isPullRequest: false,
          body,
          locked: false,
          author: bot,
          updatedAt: new Date(0),
        });
        return { number, url: htmlUrl };
      }),
    updateIssue: (_, number, body) =>
      this.write('updateIssue', () => {
        const issue = this.issues.find((candidate) => candidate.number === number);
        if (!issue) throw new AppError('github-not-found', 'no such issue');
        issue.body = body;
      }),
    createPull: (_, { head, base, title, body, draft }) =>
      this.write('createPull', () => {
        const exists = this.pulls.some((pull) => pull.headRef === head && pull.base === base);
        if (exists) throw new AppError('github-rejected', 'A pull request already exists for o:agent/7');
        const pull = this.pullOf({ headRef: head, base, title, body, draft });
        this.pulls.push(pull);
        return pull;
      }),
    updatePull: (_, number, body) =>
      this.write('updatePull', () => {
        for (const pull of this.pulls) if (pull.number === number) pull.body = body;
      }),
    addLabels: (_, number, labels) =>
      this.write('addLabels', () => {
        for (const label of labels) this.dressed.add(`${number} label ${label}`);
      }),
    addAssignees: (_, number, logins) =>
      this.write('addAssignees', () => {
        for (const login of logins) this.dressed.add(`${number} assignee ${login}`);
      }),
    requestReviewers: (_, number, { users, teams }) =>
      this.write('requestReviewers', () => {
        for (const name of [...users, ...teams]) this.dressed.add(`${number} reviewer ${name}`);
      }),
    createReview: (_, number, { body, lines, commit }) =>
      this.write('createReview', () => {
        if (lines.some(({ line }) => line > this.diffLines))
          throw new AppError('github-rejected', 'Line could not be resolved');
        const id = this.id();
        const htmlUrl = `https://git.example/p/${number}#${id}`;
        this.reviews.push({ id, body, author: bot, htmlUrl, lines: lines.length, commit });
        return { id, url: htmlUrl };
      }),
    replyOnLine: (_, _pull, { to, body }) =>
      this.write('replyOnLine', () => {
        const id = this.id();
        const htmlUrl = `https://git.example/r/${id}`;
        this.replies.push({ id, to, body, author: bot, htmlUrl });
        return { id, url: htmlUrl };
      }),
    resolveThread: (_, thread) =>
      this.write('resolveThread', () => {
        this.threads.set(thread, true);
      }),
    markReady: (_, nodeId) =>
      this.write('markReady', () => {
        for (const pull of this.pulls) if (pull.nodeId === nodeId) pull.draft = false;
      }),
    createBlob: (_, content) => this.write('createBlob', () => `blob:${content.toString('hex')}`),
    createTree: () => this.write('createTree', () => this.treeMade),
    createCommit: (_, { tree, parents, message }) =>
      this.write('createCommit', () => {
        const sha = String(this.id()).padStart(40, '0') as CommitId;
        this.commits.set(sha, { tree, parents, message, verified: true });
        return sha;
      }),
    createBranch: (_, branch, sha) =>
      this.write('createBranch', () => {
        if (this.branches.has(branch)) throw new AppError('github-rejected', 'Reference already exists');
        this.branches.set(branch, sha);
      }),
    moveBranch: (_, branch, sha) =>
      this.write('moveBranch', () => {
        const [parent] = this.commits.get(sha)?.parents ?? [];
        if (this.branches.get(branch) !== parent) {
          throw new AppError('github-rejected', 'Update is not a fast forward');
        }
        this.branches.set(branch, sha);
      }),
    createCheck: (_, content) =>
      this.write('createCheck', () => {
        const id = this.id();
        const { name, externalId, conclusion, headSha: sha } = content;
        this.checks.push({ id, name, externalId, conclusion, status: statusOf(content), sha, content });
        return { id, url: `https://git.example/k/${id}` };
      }),
    updateCheck: (_, id, content) =>
      this.write('updateCheck', () => {
        for (const check of this.checks) {
          if (check.id !== id) continue;
          const annotations = [...check.content.annotations, ...content.annotations];
          const status = statusOf(content);
          Object.assign(check, content, { status, content: { ...content, annotations } });
        }
      }),
    uploadSarif: (_, { commit, ref, sarif }) =>
      this.write('uploadSarif', () => {
        this.sarifs.set(`${commit} ${ref}`, sarif);
        return { id: String(this.id()), url: 'https://git.example/s' };
      }),
  };

  readonly pusher: BranchPusher = {
    push: ({ branch, commit, expected }) =>
      this.write('push', () => {
        if ((this.branches.get(branch) ?? null) !== expected) throw new AppError('git-moved', 'stale');
        this.branches.set(branch, commit);
      }),
    remoteTip: async (_, branch) => this.branches.get(branch) ?? null,
  };

  readonly journals: JournalPusher = {
    push: (_, { commit, expected }) =>
      this.write('push', () => {
        if ((this.branches.get('journal') ?? null) !== expected) throw new AppError('git-moved', 'stale');
        this.branches.set('journal', commit);
      }),
    tip: async () => this.branches.get('journal') ?? null,
  };

  pullOf(pull: Partial<ForgePull>): Mutable<ForgePull> {
    const number = this.id();
    return {
      number,
      nodeId: `PR_${number}`,
      state: 'open',
      draft: true,
      merged: false,
      title: '',
      body: '',
      htmlUrl: `https://git.example/p/${number}`,
      author: bot,
      base: 'main',
      headRef: 'agent/7',
      headSha: 'c'.repeat(40) as CommitId,
      headRepositoryId: 10,
      baseRepositoryId: 10,
      mergeable: 'clean',
      ...pull,
    };
  }
}

/** The ledger's contract in memory: an intent that was not resolved is `unknown` to whoever comes next. */
export function memoryLedger(): EffectLedger & {
  readonly records: Map<string, Mutable<EffectRecord>>;
  /** The run has another owner now: leases of an older epoch are over. */
  fenceBelow(epoch: number): void;
} {
  const records = new Map<string, Mutable<EffectRecord>>();
  let epochMin = 0;
  const fence = (lease: Lease): void => {
    if (lease.epoch < epochMin) throw new AppError('lease-lost', 'a newer epoch exists');
  };
  return {
    records,
    fenceBelow(epoch) {
      epochMin = epoch;
    },
    async intend(lease, key, kind, { idempotent }) {
      fence(lease);
      const known = records.get(key);
      if (known?.state === 'intended') return { state: 'unknown' };
      if (known?.result && !idempotent) return { state: 'done', result: known.result };
      records.set(key, { key, kind, state: 'intended', result: null, epoch: lease.epoch });
      return { state: 'new' };
    },
    async resolve(lease, key, kind, result) {
      fence(lease);
      records.set(key, { key, kind, state: 'done', result, epoch: lease.epoch });
    },
    list: async () => [...records.values()],
  };
}
