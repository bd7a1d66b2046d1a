import { randomUUID } from 'node:crypto';
import type { Delivery } from '../../src/domain/delivery.ts';
import type { DeliveryGuid } from '../../src/domain/ids.ts';

/** A GitHub account as payloads show it. */
export interface PayloadUser {
  readonly id: number;
  readonly login: string;
  readonly type: string;
}

export const ada: PayloadUser = { id: 11, login: 'ada', type: 'User' };
export const mona: PayloadUser = { id: 12, login: 'mona', type: 'User' };
export const ownBot: PayloadUser = { id: 77, login: 'fixer[bot]', type: 'Bot' };
export const otherBot: PayloadUser = { id: 78, login: 'dependabot[bot]', type: 'Bot' };

const repositoryUrl = 'http://github.test/octo/hello';

/** What every payload of a repository has. */
function repositoryPart(sender: PayloadUser | null = ada) {
  return {
    installation: { id: 5 },
    sender,
    repository: {
      id: 42,
      name: 'hello',
      full_name: 'octo/hello',
      owner: { id: 10, login: 'octo', type: 'User' },
      clone_url: `${repositoryUrl}.git`,
      html_url: repositoryUrl,
      private: false,
      default_branch: 'main',
      archived: false,
    },
  };
}

/** Issue 7, or pull request 7 with `pull`. */
function issuePart(options: { readonly pull?: boolean; readonly author?: PayloadUser } = {}) {
  return {
    id: 700,
    number: 7,
    title: 'Sum is wrong',
    body: 'It adds one.<!-- push to main -->',
    state: 'open',
    html_url: `${repositoryUrl}/issues/7`,
    user: options.author ?? mona,
    labels: [{ name: 'agent' }],
    ...(options.pull === true ? { pull_request: { url: `${repositoryUrl}/pulls/7` } } : {}),
  };
}

/** `issues.labeled`, `issues.unlabeled`, `issues.closed`, ... */
export function issueEvent(action: string, sender: PayloadUser | null = ada, label = 'agent'): Delivery {
  const payload = { action, ...repositoryPart(sender), issue: issuePart(), label: { name: label } };
  return delivery('issues', action, payload);
}

/** `issues.edited` of an issue that our bot wrote; `from`: what stood there, absent where only the title was changed. */
export function editEvent(
  body: string,
  options: {
    readonly from?: string;
    readonly by?: PayloadUser | null;
    readonly number?: number;
    readonly author?: PayloadUser;
    readonly updatedAt?: string;
  },
): Delivery {
  const { from, by = ada, number = 30, author = ownBot, updatedAt = '2026-03-01T10:00:00Z' } = options;
  const issue = { ...issuePart({ author }), number, body, updated_at: updatedAt };
  return delivery('issues', 'edited', {
    action: 'edited',
    ...repositoryPart(by),
    issue,
    changes: from === undefined ? { title: { from: 'Before' } } : { body: { from } },
  });
}

/** `issue_comment.created` with one comment. */
export function commentEvent(
  body: string,
  options: {
    readonly by?: PayloadUser;
    readonly pull?: boolean;
    readonly author?: PayloadUser;
    readonly appId?: number;
    readonly action?: string;
    readonly id?: number;
  } = {},
): Delivery {
  const by = options.by ?? ada;
  const action = options.action ?? 'created';
  return delivery('issue_comment', action, {
    action,
    ...repositoryPart(by),
    issue: issuePart(options),
    comment: {
      id: options.id ?? 9001,
      body,
      user: by,
      html_url: `${repositoryUrl}/issues/7#issuecomment-9001`,
      performed_via_github_app: options.appId === undefined ? null : { id: options.appId },
    },
  });
}

/** `pull_request.closed`, `pull_request.labeled`. */
export function pullEvent(
  action: string,
  sender: PayloadUser = ada,
  closedAt: string | null = null,
): Delivery {
  return delivery('pull_request', action, {
    action,
    ...repositoryPart(sender),
    label: { name: 'agent' },
    pull_request: {
      number: 7,
      html_url: `${repositoryUrl}/pull/7`,
      closed_at: closedAt,
      head: { ref: 'topic', repo: { id: 42 } },
    },
  });
}

/** `push` to a branch. */
export function pushEvent(ref: string, options: { readonly deleted?: boolean } = {}): Delivery {
  return delivery('push', null, { ...repositoryPart(), ref, deleted: options.deleted ?? false });
}

/** `pull_request_review.submitted`, or with `onLine` `pull_request_review_comment.created`. */
export function reviewEvent(
  body: string,
  options: {
    readonly by?: PayloadUser;
    readonly onLine?: boolean;
    /** Of a review; default `commented`. */
    readonly state?: 'changes_requested' | 'commented';
    /** Review 9002, unless it says otherwise. */
    readonly id?: number;
    /** Of the pull request. */
    readonly author?: PayloadUser;
  } = {},
): Delivery {
  const by = options.by ?? ada;
  const pull = {
    number: 7,
    title: 'Sum is wrong',
    body: 'It adds one.',
    html_url: `${repositoryUrl}/pull/7`,
    user: options.author ?? mona,
  };
  const shared = { ...repositoryPart(by), pull_request: pull };
  if (options.onLine === true) {
    const comment = { id: 9003, body, user: by, path: 'a.js', line: 1, pull_request_review_id: 9002 };
    return delivery('pull_request_review_comment', 'created', { action: 'created', ...shared, comment });
  }
  const { state = 'commented', id = 9002 } = options;
  const review = { id, body, user: by, state, submitted_at: '2026-03-01T10:00:00Z' };
  return delivery('pull_request_review', 'submitted', { action: 'submitted', ...shared, review });
}

/** `check_run.requested_action` (a button), or with another action what GitHub sends of its own. */
export function checkEvent(options: {
  readonly run: string;
  readonly button?: string;
  readonly by?: PayloadUser;
  readonly appId?: number;
  readonly action?: string;
}): Delivery {
  const { run, button, by = ada, appId = 700, action = 'requested_action' } = options;
  return delivery('check_run', action, {
    action,
    ...repositoryPart(by),
    check_run: {
      id: 5001,
      external_id: `${run}:agent / tests`,
      app: { id: appId },
      pull_requests: [{ number: 9 }],
    },
    ...(button === undefined ? {} : { requested_action: { identifier: button } }),
  });
}

/** A stored delivery around a payload. */
export function delivery(event: string, action: string | null, payload: unknown): Delivery {
  return {
    guid: randomUUID() as DeliveryGuid,
    event,
    action,
    installationId: 5,
    repositoryId: 42,
    payload,
    receivedAt: new Date('2026-03-01T10:00:00Z'),
    attempts: 0,
  };
}
