import type { HubContext } from '../hub-context.ts';
import type { App, Issue, IssueEvent, Label, Repository, User } from '../state/model.ts';

/** Where something happens and by whom. */
export interface IssueAt {
  readonly repository: Repository;
  readonly issue: Issue;
  readonly sender: User;
}

export interface NewIssue {
  readonly title: string;
  readonly body: string | null;
  readonly user: User;
  readonly app: App | null;
}

/** Adds the record with the next number; the caller tells the event. */
export function addIssue(hub: HubContext, repository: Repository, issue: NewIssue): Issue {
  const now = new Date();
  repository.lastNumber += 1;
  const added: Issue = {
    id: hub.state.ids.take('issue'),
    number: repository.lastNumber,
    ...issue,
    state: 'open',
    stateReason: null,
    labels: [],
    assignees: [],
    comments: [],
    events: [],
    reactions: [],
    locked: false,
    lockReason: null,
    createdAt: now,
    updatedAt: now,
    lastEditedAt: null,
    closedAt: null,
    closedBy: null,
    pull: null,
  };
  repository.issues.push(added);
  return added;
}

export function addEvent(
  hub: HubContext,
  issue: Issue,
  event: Omit<IssueEvent, 'id' | 'createdAt' | 'app'>,
): IssueEvent {
  const app = [...hub.state.apps.values()].find(({ bot }) => bot === event.actor) ?? null;
  const added = { id: hub.state.ids.take('event'), createdAt: new Date(), app, ...event };
  issue.events.push(added);
  issue.updatedAt = added.createdAt;
  return added;
}

/** The label of that name, whatever its case; made on the fly, in grey, as GitHub does when an issue gets an unknown one. */
function ensureLabel(hub: HubContext, repository: Repository, name: string): Label {
  const existing = findLabel(repository, name);
  if (existing) return existing;
  const label: Label = { id: hub.state.ids.take('label'), name, color: 'ededed', description: null };
  repository.labels.push(label);
  return label;
}

export function findLabel(repository: Repository, name: string): Label | undefined {
  return repository.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
}

/** Puts labels on; one that is there already makes no event. */
export function addLabels(hub: HubContext, at: IssueAt, names: readonly string[]): void {
  for (const name of names) {
    const label = ensureLabel(hub, at.repository, name);
    if (at.issue.labels.includes(label)) continue;
    at.issue.labels.push(label);
    addEvent(hub, at.issue, { event: 'labeled', actor: at.sender, label });
    hub.events.labelChange(at, 'labeled', label);
  }
}

export function removeLabels(hub: HubContext, at: IssueAt, labels: readonly Label[]): void {
  for (const label of labels) {
    at.issue.labels = at.issue.labels.filter((one) => one !== label);
    addEvent(hub, at.issue, { event: 'unlabeled', actor: at.sender, label });
    hub.events.labelChange(at, 'unlabeled', label);
  }
}

/** Makes the labels exactly these. */
export function setLabels(hub: HubContext, at: IssueAt, names: readonly string[]): void {
  const wanted = names.map((name) => name.toLowerCase());
  removeLabels(
    hub,
    at,
    at.issue.labels.filter((label) => !wanted.includes(label.name.toLowerCase())),
  );
  addLabels(hub, at, names);
}

export function setAssignees(hub: HubContext, at: IssueAt, users: readonly User[]): void {
  const { issue } = at;
  for (const user of issue.assignees.filter((one) => !users.includes(one))) {
    issue.assignees = issue.assignees.filter((one) => one !== user);
    addEvent(hub, issue, { event: 'unassigned', actor: at.sender, assignee: user });
    hub.events.assignment(at, 'unassigned', user);
  }
  for (const user of users.filter((one) => !issue.assignees.includes(one))) {
    issue.assignees = [...issue.assignees, user];
    addEvent(hub, issue, { event: 'assigned', actor: at.sender, assignee: user });
    hub.events.assignment(at, 'assigned', user);
  }
}

export function closeIssue(
  hub: HubContext,
  at: IssueAt,
  reason: 'completed' | 'not_planned' | 'duplicate',
  commitId?: string,
): void {
  const { issue, sender } = at;
  if (issue.state === 'closed') return;
  issue.state = 'closed';
  issue.stateReason = issue.pull ? null : reason;
  issue.closedAt = new Date();
  issue.closedBy = sender;
  addEvent(hub, issue, { event: 'closed', actor: sender, ...(commitId ? { commitId } : {}) });
  hub.events.issue(at, 'closed');
}

export function reopenIssue(hub: HubContext, at: IssueAt): void {
  const { issue, sender } = at;
  if (issue.state === 'open') return;
  issue.state = 'open';
  issue.stateReason = issue.pull ? null : 'reopened';
  issue.closedAt = null;
  issue.closedBy = null;
  addEvent(hub, issue, { event: 'reopened', actor: sender });
  hub.events.issue(at, 'reopened');
}

export interface IssueEdit {
  readonly title?: string | undefined;
  readonly body?: string | null | undefined;
}

/** Changes title and body; tells what stood there before, as GitHub's `changes` does. */
export function editIssue(hub: HubContext, at: IssueAt, edit: IssueEdit): void {
  const { issue, sender } = at;
  const changes: Record<string, { from: string }> = {};
  if (edit.title !== undefined && edit.title !== issue.title) {
    changes['title'] = { from: issue.title };
    addEvent(hub, issue, { event: 'renamed', actor: sender, rename: { from: issue.title, to: edit.title } });
    issue.title = edit.title;
  }
  if (edit.body !== undefined && edit.body !== issue.body) {
    changes['body'] = { from: issue.body ?? '' };
    issue.body = edit.body;
    issue.lastEditedAt = new Date();
  }
  if (Object.keys(changes).length === 0) return;
  issue.updatedAt = new Date();
  hub.events.issue(at, 'edited', { changes });
}
