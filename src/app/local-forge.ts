import { AppError } from '../domain/app-error.ts';
import type { ForgePull, ForgeReader, ForgeWriter } from '../domain/forge.ts';
import type { CommitId } from '../domain/ids.ts';
import type { Actor, RepositoryRef } from '../domain/repository.ts';

/** What a run would have put on GitHub. */
export interface LocalForge {
  readonly reader: ForgeReader;
  readonly writer: ForgeWriter;
  /** The pull request that would have been opened, with the newest body. */
  pull():
    | { readonly title: string; readonly body: string; readonly head: string; readonly base: string }
    | undefined;
  /** The tracking comment as it stands. */
  comment(): string;
}

interface State {
  pull: ForgePull | undefined;
  comment: string;
}

/** A forge without GitHub, for local mode: the person at the keyboard is the admin, and one issue exists. */
export function createLocalForge(repository: RepositoryRef, person: Actor): LocalForge {
  const state: State = { pull: undefined, comment: '' };
  return {
    reader: reader(repository, person, state),
    writer: writer(repository, person, state),
    pull: () => state.pull && { ...state.pull, head: state.pull.headRef },
    comment: () => state.comment,
  };
}

function reader(repository: RepositoryRef, person: Actor, state: State): ForgeReader {
  const issue = {
    number: 1,
    state: 'open' as const,
    title: '',
    htmlUrl: '',
    labels: [],
    isPullRequest: false,
    body: '',
    locked: false,
    author: person,
    updatedAt: new Date(0),
  };
  return {
    repository: async () => ({ ...repository, archived: false, sizeKib: 1, hasIssues: true }),
    issue: async () => issue,
    pull: async () => state.pull,
    openPullByHead: async (_at, branch) => (state.pull?.headRef === branch ? state.pull : undefined),
    reviews: async () => [],
    lineComments: async () => [],
    threadResolved: async () => undefined,
    comments: async () =>
      state.comment === '' ? [] : [{ id: 1, body: state.comment, author: person, htmlUrl: '' }],
    roleOf: async () => 'admin',
    checks: async () => [],
    annotations: async () => [],
    commit: async () => undefined,
    branchTip: async () => undefined,
    commitPatch: async () => undefined,
    pullsByHead: async () => (state.pull ? [state.pull] : []),
    openPullsByBase: async () => (state.pull ? [state.pull] : []),
    paths: async () => [],
    closingIssues: async () => [],
    openIssuesByLabel: async () => [],
    file: async () => undefined,
    labelEvents: async () => [],
  };
}

function writer(repository: RepositoryRef, person: Actor, state: State): ForgeWriter {
  const keep = (body: string) => {
    state.comment = body;
  };
  return {
    addReaction: async () => ({ id: 1 }),
    createComment: async (_at, _issue, body) => {
      keep(body);
      return { id: 1, url: '' };
    },
    updateComment: async (_at, _id, body) => keep(body),
    createIssue: async () => ({ number: 1, url: '' }),
    updateIssue: async () => undefined,
    createPull: async (_at, pull) => {
      state.pull = {
        number: 1,
        nodeId: 'local',
        state: 'open',
        merged: false,
        draft: pull.draft,
        htmlUrl: '',
        title: pull.title,
        body: pull.body,
        author: person,
        base: pull.base,
        headRef: pull.head,
        headSha: '' as CommitId,
        headRepositoryId: repository.id,
        baseRepositoryId: repository.id,
        mergeable: 'clean',
      };
      return state.pull;
    },
    updatePull: async (_at, _number, body) => {
      if (state.pull) state.pull = { ...state.pull, body };
    },
    addLabels: async () => undefined,
    addAssignees: async () => undefined,
    requestReviewers: async () => undefined,
    createReview: async () => ({ id: 1, url: '' }),
    replyOnLine: async () => ({ id: 1, url: '' }),
    resolveThread: async () => undefined,
    markReady: async () => {
      if (state.pull) state.pull = { ...state.pull, draft: false };
    },
    createBlob: noCommits,
    createTree: noCommits,
    createCommit: noCommits,
    createBranch: noCommits,
    moveBranch: noCommits,
    createCheck: async () => ({ id: 1, url: '' }),
    updateCheck: async () => undefined,
    uploadSarif: async () => ({ id: '1', url: '' }),
  };
}

/** Local mode pushes with git; the workflow does not come here. */
async function noCommits(): Promise<never> {
  throw new AppError('github-rejected', 'local mode makes commits with git');
}
