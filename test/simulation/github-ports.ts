import { AppError } from '../../src/domain/app-error.ts';
import type { DiscussionReader, Remark } from '../../src/domain/discussion.ts';
import type { BranchPusher } from '../../src/domain/effect.ts';
import type { ForgePull, ForgeReader, ForgeWriter, RepositoryAddress } from '../../src/domain/forge.ts';
import type { RateBucket } from '../../src/domain/rate-bucket.ts';
import type { SweepReader } from '../../src/domain/sweep-reader.ts';
import { type GithubLine, githubLine } from './github-line.ts';
import type { MemoryDatabase } from './memory-database.ts';
import { historyOf, isInConflict } from './simulated-git.ts';
import { bot, type SimulatedGithub, treeOf } from './simulated-github.ts';

export interface GithubPorts {
  readonly reader: ForgeReader;
  readonly writer: ForgeWriter;
  readonly sweepReader: SweepReader;
  readonly pusher: BranchPusher;
  readonly discussion: DiscussionReader;
}

/** The forge's ports for one process, over the network with its faults. */
export function githubPorts(
  database: MemoryDatabase,
  rates: RateBucket,
  hubs: ReadonlyMap<number, SimulatedGithub>,
): GithubPorts {
  const line = githubLine(database, rates);
  const hubOf = ({ repositoryId, installationId }: RepositoryAddress): SimulatedGithub => {
    const hub = hubs.get(repositoryId);
    if (hub?.installationId === installationId) return hub;
    throw new AppError(
      'github-not-found',
      `installation ${installationId} has no repository ${repositoryId}`,
    );
  };
  return {
    reader: reader(line, hubOf),
    writer: writer(line, hubOf),
    sweepReader: sweepReader(line, hubOf),
    pusher: pusher(line, hubs),
    discussion: {
      remarks: (at, { number }) => {
        const hub = hubOf(at);
        return line.read(hub, 'remarks', () => remarksOf(hub, number));
      },
      review: (at) => line.read(hubOf(at), 'review', () => []),
      reviewText: (at) => line.read(hubOf(at), 'review text', () => undefined),
    },
  };
}

type HubOf = (at: RepositoryAddress) => SimulatedGithub;

/** What nothing asks for in a simulation is left out; a call of it fails the seed. */
function reader(line: GithubLine, hubOf: HubOf): ForgeReader {
  const read = <T>(at: RepositoryAddress, name: string, look: (hub: SimulatedGithub) => T): Promise<T> => {
    const hub = hubOf(at);
    return line.read(hub, name, () => structuredClone(look(hub)));
  };
  return {
    repository: (at) =>
      read(at, 'repository', (hub) => ({
        id: hub.repositoryId,
        archived: false,
        private: false,
        defaultBranch: 'main',
        cloneUrl: `${hub.url}.git`,
        htmlUrl: hub.url,
        sizeKib: 9,
        hasIssues: true,
      })),
    issue: (at, number) => read(at, 'issue', (hub) => hub.issues.get(number)),
    pull: (at, number) => read(at, 'pull', (hub) => shown(hub, number)),
    reviews: (at, pull) => read(at, 'reviews', (hub) => hub.reviews.filter((one) => one.pull === pull)),
    openPullsByBase: (at, base) =>
      read(at, 'pulls by base', (hub) =>
        [...hub.pulls.values()].filter((pull) => pull.base === base && pull.state === 'open'),
      ),
    openPullByHead: (at, branch) => read(at, 'pull by head', (hub) => openPull(hub, branch)),
    pullsByHead: (at, branch) =>
      read(at, 'pulls by head', (hub) =>
        [...hub.pulls.values()].filter(({ headRef }) => headRef === branch).reverse(),
      ),
    branchTip: (at, branch) => read(at, 'branch', (hub) => hub.branches.get(branch)),
    paths: (at) => read(at, 'paths', () => []),
    comments: (at, issue) =>
      read(at, 'comments', (hub) => hub.comments.filter((one) => one.issue === issue && !one.deleted)),
    roleOf: (at, login) => {
      const id = login === 'ada' ? 11 : 12;
      return read(at, 'role', (hub) => hub.roles.get(id) ?? 'none');
    },
    checks: (at, sha, name) =>
      read(at, 'checks', (hub) => hub.checks.filter((one) => one.sha === sha && one.name === name)),
    annotations: (at) => read(at, 'annotations', () => []),
    closingIssues: (at) => read(at, 'closing issues', () => []),
    openIssuesByLabel: (at, wanted) =>
      read(at, 'issues by label', (hub) =>
        [...hub.issues.values()].filter(({ state, labels }) => state === 'open' && labels.includes(wanted)),
      ),
    commit: (at, sha) =>
      read(at, 'commit', (hub) => {
        const found = hub.commits.get(sha);
        if (!found) return undefined;
        return { ...found, verified: true };
      }),
    file: (at) => read(at, 'file', () => undefined),
    labelEvents: (at, issue) =>
      read(at, 'label events', (hub) => hub.labelEvents.filter((event) => event.issue === issue)),
  } as Partial<ForgeReader> as ForgeReader;
}

function remarksOf(hub: SimulatedGithub, number: number): readonly Remark[] {
  return hub.comments
    .filter(({ issue, deleted }) => issue === number && !deleted)
    .map(({ author, body, createdAt: writtenAt }) => ({
      kind: 'comment',
      author,
      body,
      path: null,
      writtenAt,
      lastEditedAt: null,
      minimised: false,
    }));
}

/** A pull request as GitHub shows it alone: with how it stands to its base. */
function shown(hub: SimulatedGithub, number: number): ForgePull | undefined {
  const pull = hub.pulls.get(number);
  const base = pull && hub.branches.get(pull.base);
  if (!pull || base === undefined) return pull;
  return { ...pull, mergeable: isInConflict(hub, pull.headSha, base) ? 'conflict' : 'clean' };
}

function openPull(hub: SimulatedGithub, branch: string): ForgePull | undefined {
  return [...hub.pulls.values()].find(({ headRef, state }) => headRef === branch && state === 'open');
}

function writer(line: GithubLine, hubOf: HubOf): ForgeWriter {
  const write = <T>(at: RepositoryAddress, name: string, act: (hub: SimulatedGithub) => T): Promise<T> => {
    const hub = hubOf(at);
    return line.write(hub, name, () => act(hub));
  };
  return {
    addReaction: (at, on, id, content) =>
      write(at, 'reaction', (hub) => {
        hub.reactions.add(`${on} ${id} ${content}`);
        return { id: 5 };
      }),
    createComment: (at, issue, body) =>
      write(at, 'comment', (hub) => {
        const { id, htmlUrl } = hub.addComment(bot, issue, body);
        return { id, url: htmlUrl };
      }),
    updateComment: (at, id, body) =>
      write(at, 'edit', (hub) => {
        const found = hub.comments.find((comment) => comment.id === id && !comment.deleted);
        if (!found) throw new AppError('github-not-found', 'no such comment');
        found.body = body;
      }),
    createIssue: (at, { title, body, labels }) =>
      write(at, 'issue', (hub) => {
        const issue = hub.openIssue(bot, title, body);
        issue.labels.push(...labels);
        return { number: issue.number, url: issue.htmlUrl };
      }),
    updateIssue: (at, number, body) =>
      write(at, 'issue body', (hub) => void Object.assign(hub.issues.get(number) ?? {}, { body })),
    createPull: (at, pull) => write(at, 'pull', (hub) => structuredClone(createPull(hub, pull))),
    updatePull: (at, number, body) =>
      write(at, 'pull body', (hub) => void Object.assign(hub.pulls.get(number) ?? {}, { body })),
    createReview: (at, pull, { body }) =>
      write(at, 'review', (hub) => {
        const id = hub.id();
        const htmlUrl = `${hub.url}/pull/${pull}#pullrequestreview-${id}`;
        hub.reviews.push({ id, pull, body, author: bot, htmlUrl });
        return { id, url: htmlUrl };
      }),
    markReady: (at, nodeId) =>
      write(at, 'ready', (hub) => {
        for (const pull of hub.pulls.values()) if (pull.nodeId === nodeId) pull.draft = false;
      }),
    addLabels: (at, number, labels) =>
      write(at, 'labels', (hub) => {
        const issue = hub.issues.get(number);
        if (issue) issue.labels = [...new Set([...issue.labels, ...labels])];
      }),
    addAssignees: (at, number, logins) =>
      write(at, 'assignees', (hub) => {
        for (const login of logins) hub.assigned.add(`${number} ${login}`);
      }),
    requestReviewers: (at) => write(at, 'reviewers', () => undefined),
    createBlob: (at) => write(at, 'blob', () => 'no file here is binary'),
    createTree: (at, base, entries) =>
      write(at, 'tree', (hub) => {
        const texts = entries.flatMap((entry) =>
          'text' in entry ? [[entry.path, entry.text] as const] : [],
        );
        return treeOf(hub.trees, new Map([...(hub.trees.get(base) ?? []), ...texts]));
      }),
    createCommit: (at, { tree, parents, message }) =>
      write(at, 'commit', (hub) => hub.commit(parents, tree, message)),
    createBranch: (at, branch, sha) =>
      write(at, 'branch', (hub) => {
        if (hub.branches.has(branch)) throw new AppError('github-rejected', 'Reference already exists');
        hub.move(branch, sha, bot);
      }),
    moveBranch: (at, branch, sha) =>
      write(at, 'move branch', (hub) => {
        const tip = hub.branches.get(branch);
        if (tip === undefined || !historyOf(hub, sha).includes(tip))
          throw new AppError('github-rejected', 'Update is not a fast forward');
        hub.move(branch, sha, bot);
      }),
    createCheck: (at, { name, externalId, conclusion, headSha: sha }) =>
      write(at, 'check', (hub) => {
        const id = hub.id();
        hub.checks.push({
          id,
          name,
          externalId,
          conclusion,
          status: conclusion === null ? 'in_progress' : 'completed',
          sha,
        });
        return { id, url: `${hub.url}/runs/${id}` };
      }),
    updateCheck: (at, id, { conclusion }) =>
      write(at, 'check again', (hub) => {
        Object.assign(hub.checks.find((check) => check.id === id) ?? {}, { conclusion });
      }),
    uploadSarif: (at) => write(at, 'upload findings', () => ({ id: '1', url: '' })),
  } as Partial<ForgeWriter> as ForgeWriter;
}

function createPull(hub: SimulatedGithub, pull: Parameters<ForgeWriter['createPull']>[1]): ForgePull {
  if (!hub.branches.has(pull.head)) throw new AppError('github-rejected', 'head is invalid');
  if (openPull(hub, pull.head))
    throw new AppError('github-rejected', `A pull request exists for ${pull.head}`);
  const created = hub.pulls.get(hub.openPull(bot, pull));
  if (!created) throw new Error('the pull request that was just opened is gone');
  return created;
}

function sweepReader(line: GithubLine, hubOf: HubOf): SweepReader {
  const swept = (hub: SimulatedGithub, number: number) => ({
    number,
    isPullRequest: hub.pulls.has(number),
    labels: hub.issues.get(number)?.labels ?? [],
    updatedAt: hub.issues.get(number)?.updatedAt ?? hub.now(),
    raw: hub.issuePayload(number),
  });
  const read = <T>(at: RepositoryAddress, name: string, look: (hub: SimulatedGithub) => T): Promise<T> => {
    const hub = hubOf(at);
    return line.read(hub, name, () => structuredClone(look(hub)));
  };
  return {
    repository: (at) => read(at, 'sweep repository', (hub) => hub.repositoryPayload()),
    openPulls: (at) =>
      read(at, 'sweep pulls', (hub) => [...hub.pulls.values()].filter(({ state }) => state === 'open')),
    labelled: (at, wanted) =>
      read(at, 'sweep labels', (hub) =>
        [...hub.issues.values()]
          .filter(({ state, labels }) => state === 'open' && labels.includes(wanted))
          .map(({ number }) => swept(hub, number)),
      ),
    issue: (at, number) => read(at, 'sweep issue', (hub) => swept(hub, number)),
    commentsSince: (at, since) =>
      read(at, 'sweep comments', (hub) =>
        hub.comments
          .filter(({ createdAt, deleted }) => createdAt >= since && !deleted)
          .map((comment) => ({ ...comment, edited: false, raw: hub.commentPayload(comment) })),
      ),
    lastEdit: (at, { number }) => read(at, 'last edit', (hub) => hub.issues.get(number)?.editedAt ?? null),
  };
}

function pusher(line: GithubLine, hubs: ReadonlyMap<number, SimulatedGithub>): BranchPusher {
  const hubOf = (repositoryId: number): SimulatedGithub => {
    const hub = hubs.get(repositoryId);
    if (!hub) throw new AppError('github-not-found', 'no such repository');
    return hub;
  };
  return {
    push: ({ run, branch, commit, expected }) => {
      const hub = hubOf(run.repository.id);
      return line.write(hub, 'push', () => {
        if ((hub.branches.get(branch) ?? null) !== expected) throw new AppError('git-moved', 'stale info');
        hub.move(branch, commit, bot);
      });
    },
    remoteTip: (run, branch) => {
      const hub = hubOf(run.repository.id);
      return line.read(hub, 'tip', () => hub.branches.get(branch) ?? null);
    },
  };
}
