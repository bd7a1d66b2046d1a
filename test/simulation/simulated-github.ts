import { createHash } from 'node:crypto';
import type { ForgeCheck, ForgeComment, ForgeIssue, ForgePull, LabelEvent } from '../../src/domain/forge.ts';
import type { CommitId, TreeId } from '../../src/domain/ids.ts';
import type { Actor, Role } from '../../src/domain/repository.ts';
import { network, type Simulation } from './simulation.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export const bot: Actor = { id: 99, login: 'pullwright[bot]', type: 'Bot' };
export const ada: Actor = { id: 11, login: 'ada', type: 'User' };
export const mona: Actor = { id: 12, login: 'mona', type: 'User' };
export const label = 'agent';

export interface SimulatedIssue extends Mutable<ForgeIssue> {
  labels: string[];
  body: string;
  author: Actor;
  updatedAt: Date;
  editedAt: Date | null;
}

export interface SimulatedComment extends Mutable<ForgeComment> {
  readonly issue: number;
  readonly createdAt: Date;
  deleted: boolean;
}

/** One update of a branch, as a hook on the server would see it. */
export interface RefUpdate {
  readonly branch: string;
  readonly by: Actor;
  readonly from: CommitId | null;
  readonly to: CommitId;
}

export interface Attempt {
  readonly id: string;
  readonly at: Date;
  ok: boolean;
}

export interface SentDelivery {
  readonly guid: string;
  readonly event: string;
  readonly action: string;
  readonly payload: unknown;
  readonly attempts: Attempt[];
}

export interface SimulatedCommit {
  /** Of a merge the branch's own side first. */
  readonly parents: readonly CommitId[];
  readonly tree: TreeId;
  readonly message: string;
}

/** Trees by their content's id, of GitHub and of clones alike. */
export type Trees = Map<string, ReadonlyMap<string, string>>;

export function treeOf(trees: Trees, files: ReadonlyMap<string, string>): TreeId {
  const text = JSON.stringify([...files].sort(([one], [other]) => (one < other ? -1 : 1)));
  const id = createHash('sha1').update(text).digest('hex') as TreeId;
  trees.set(id, new Map(files));
  return id;
}

export interface SimulatedAddress {
  readonly repositoryId: number;
  readonly installationId: number;
  readonly trees: Trees;
}

/** One repository of one installation on GitHub, with everything that people, the bot and hooks can see of it. */
export class SimulatedGithub {
  readonly simulation: Simulation;
  readonly repositoryId: number;
  readonly installationId: number;
  readonly name: string;
  readonly issues = new Map<number, SimulatedIssue>();
  readonly pulls = new Map<number, Mutable<ForgePull>>();
  readonly comments: SimulatedComment[] = [];
  readonly reactions = new Set<string>();
  readonly assigned = new Set<string>();
  readonly checks: (Mutable<ForgeCheck> & { readonly sha: string })[] = [];
  readonly reviews: (ForgeComment & { readonly pull: number })[] = [];
  readonly labelEvents: (LabelEvent & { readonly issue: number })[] = [];
  readonly roles = new Map<number, Role>([
    [ada.id, 'write'],
    [mona.id, 'read'],
  ]);
  readonly branches = new Map<string, CommitId>();
  readonly commits = new Map<CommitId, SimulatedCommit>();
  readonly trees: Trees;
  readonly refUpdates: RefUpdate[] = [];
  readonly sent: SentDelivery[] = [];
  /** When each write of the bot left us, and how long GitHub wants no request: see `judge.ts`. */
  readonly writes: { readonly leftMs: number; readonly name: string }[] = [];
  readonly tooEarly: string[] = [];
  #ids = 1_000;

  constructor(simulation: Simulation, at: SimulatedAddress) {
    this.simulation = simulation;
    this.trees = at.trees;
    this.repositoryId = at.repositoryId;
    this.installationId = at.installationId;
    this.name = `shop-${at.repositoryId}`;
  }

  get url(): string {
    return `http://github.test/octo/${this.name}`;
  }

  id(): number {
    this.#ids += 1;
    return this.#ids;
  }

  now(): Date {
    return this.simulation.scheduler.now();
  }

  openIssue(by: Actor, title: string, body: string): SimulatedIssue {
    const number = this.issues.size + this.pulls.size + 1;
    const issue: SimulatedIssue = {
      number,
      title,
      body,
      author: by,
      state: 'open',
      htmlUrl: `${this.url}/issues/${number}`,
      labels: [],
      isPullRequest: false,
      locked: false,
      updatedAt: this.now(),
      editedAt: null,
    };
    this.issues.set(number, issue);
    this.#announce('issues', 'opened', by, { issue: this.issuePayload(number) });
    return issue;
  }

  setLabel(by: Actor, number: number, on: boolean): void {
    const issue = this.issues.get(number);
    if (!issue || issue.labels.includes(label) === on) return;
    issue.labels = on ? [...issue.labels, label] : issue.labels.filter((name) => name !== label);
    issue.updatedAt = this.now();
    if (on) this.labelEvents.push({ id: this.id(), issue: number, actor: by, at: this.now(), appId: null });
    const action = on ? 'labeled' : 'unlabeled';
    this.#announce('issues', action, by, { issue: this.issuePayload(number), label: { name: label } });
  }

  setIssueState(by: Actor, number: number, state: 'open' | 'closed'): void {
    const issue = this.issues.get(number);
    if (!issue || issue.state === state) return;
    issue.state = state;
    issue.updatedAt = this.now();
    const action = state === 'open' ? 'reopened' : 'closed';
    this.#announce('issues', action, by, { issue: this.issuePayload(number) });
  }

  editIssue(by: Actor, number: number, body: string): void {
    const issue = this.issues.get(number);
    if (!issue) return;
    Object.assign(issue, { body, updatedAt: this.now(), editedAt: this.now() });
    this.#announce('issues', 'edited', by, { issue: this.issuePayload(number) });
  }

  addComment(by: Actor, issue: number, body: string): SimulatedComment {
    const id = this.id();
    const htmlUrl = `${this.url}/issues/${issue}#issuecomment-${id}`;
    const comment = { id, issue, body, author: by, htmlUrl, createdAt: this.now(), deleted: false };
    this.comments.push(comment);
    this.#announce('issue_comment', 'created', by, {
      issue: this.issuePayload(issue),
      comment: this.commentPayload(comment),
    });
    return comment;
  }

  openPull(
    by: Actor,
    pull: Pick<ForgePull, 'base' | 'title' | 'body' | 'draft'> & { readonly head: string },
  ): number {
    const number = this.issues.size + this.pulls.size + 1;
    const { head: headRef, base, title, body, draft } = pull;
    this.pulls.set(number, {
      number,
      nodeId: `PR_${number}`,
      state: 'open',
      draft,
      merged: false,
      title,
      body,
      htmlUrl: `${this.url}/pull/${number}`,
      author: by,
      base,
      headRef,
      headSha: this.branches.get(headRef) as CommitId,
      headRepositoryId: this.repositoryId,
      baseRepositoryId: this.repositoryId,
      mergeable: 'clean',
    });
    return number;
  }

  closePull(by: Actor, number: number): void {
    const pull = this.pulls.get(number);
    if (pull?.state !== 'open') return;
    pull.state = 'closed';
    this.#announce('pull_request', 'closed', by, this.#pullPayload(pull));
  }

  #pullPayload({ number, htmlUrl, headRef, headSha, state }: ForgePull) {
    const closedAt = state === 'closed' ? this.now().toISOString() : null;
    const head = { ref: headRef, sha: headSha, repo: { id: this.repositoryId } };
    return { pull_request: { number, html_url: htmlUrl, closed_at: closedAt, head } };
  }

  /** Moves a branch; whoever it is, hooks see from where. */
  move(branch: string, to: CommitId, by: Actor): void {
    this.refUpdates.push({ branch, by, from: this.branches.get(branch) ?? null, to });
    this.branches.set(branch, to);
    this.#announce('push', '', by, { ref: `refs/heads/${branch}`, deleted: false });
    for (const pull of this.pulls.values()) {
      if (pull.headRef !== branch) continue;
      pull.headSha = to;
      if (pull.state === 'open') this.#announce('pull_request', 'synchronize', by, this.#pullPayload(pull));
    }
  }

  commit(parents: readonly CommitId[], tree: TreeId, message: string): CommitId {
    const id = createHash('sha1')
      .update(`${parents.join(' ')} ${tree} ${message}`)
      .digest('hex') as CommitId;
    this.commits.set(id, { parents, tree, message });
    return id;
  }

  repositoryPayload() {
    return {
      id: this.repositoryId,
      name: this.name,
      full_name: `octo/${this.name}`,
      owner: { id: 10, login: 'octo', type: 'User' },
      clone_url: `${this.url}.git`,
      html_url: this.url,
      private: false,
      default_branch: 'main',
      archived: false,
    };
  }

  issuePayload(number: number) {
    const issue = this.issues.get(number);
    const pull = this.pulls.get(number);
    const found = issue ?? pull;
    if (!found) throw new Error(`there is no issue ${number}`);
    const { title, body, state, htmlUrl, author } = found;
    return {
      id: number,
      number,
      title,
      body,
      state,
      html_url: htmlUrl,
      user: author,
      labels: (issue?.labels ?? []).map((name) => ({ name })),
      ...(pull ? { pull_request: { url: pull.htmlUrl } } : {}),
    };
  }

  commentPayload(comment: SimulatedComment) {
    const { id, body, author, htmlUrl, createdAt } = comment;
    return {
      id,
      body,
      user: author,
      html_url: htmlUrl,
      performed_via_github_app: author === bot ? { id: 7 } : null,
      created_at: createdAt.toISOString(),
    };
  }

  #announce(event: string, action: string, sender: Actor, parts: Readonly<Record<string, unknown>>): void {
    const base = { installation: { id: this.installationId }, repository: this.repositoryPayload() };
    const guid = `guid-${this.repositoryId}-${this.sent.length + 1}`;
    const said = action === '' ? {} : { action };
    const delivery = { guid, event, action, payload: { ...said, ...base, sender, ...parts }, attempts: [] };
    this.sent.push(delivery);
    this.deliver(delivery);
  }

  /** Set by the world: how a delivery travels. */
  deliver: (delivery: SentDelivery) => void = () => undefined;

  /** What people will do and what is still on its way. */
  coming = 0;

  /** Later on the network, whatever dies here. */
  later(name: string, delayMs: number, act: () => void): void {
    const { scheduler } = this.simulation;
    this.coming += 1;
    const resume = (): void => {
      this.coming -= 1;
      act();
    };
    scheduler.at(network, name, { dueMs: scheduler.nowMs + delayMs, resume });
  }
}
