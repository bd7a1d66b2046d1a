import type { GitCommit } from '../git/commit-reader.ts';
import { installationShape, repositoryName } from '../shapes/app-shape.ts';
import { checkRunShape, checkSuiteShape, webhookSuite } from '../shapes/check-shape.ts';
import { commentShape, issueShape, labelShape } from '../shapes/issue-shape.ts';
import {
  fullPull,
  type PullView,
  reviewCommentShape,
  reviewShape,
  simplePull,
} from '../shapes/pull-shape.ts';
import { fullRepository } from '../shapes/repository-shape.ts';
import type { Urls } from '../shapes/urls.ts';
import { simpleUser } from '../shapes/user-shape.ts';
import { workflowRunShape, workflowShape } from '../shapes/workflow-shape.ts';
import type { HubState } from '../state/hub-state.ts';
import { nodeId } from '../state/ids.ts';
import type {
  App,
  CheckRun,
  CheckSuite,
  Comment,
  Installation,
  Issue,
  Label,
  Repository,
  Review,
  ReviewComment,
  ReviewThread,
  User,
  WorkflowRun,
} from '../state/model.ts';
import type { WebhookDispatcher } from './webhook-dispatcher.ts';

type Payload = Readonly<Record<string, unknown>>;

/** Builds the payload of each event and sends it to every App that is installed there and subscribed. */
export class HubEvents {
  readonly #state: HubState;
  readonly #urls: Urls;
  readonly #dispatcher: WebhookDispatcher;

  constructor(state: HubState, urls: Urls, dispatcher: WebhookDispatcher) {
    this.#state = state;
    this.#urls = urls;
    this.#dispatcher = dispatcher;
  }

  /** `only` restricts the event to one App, subscribed or not: what concerns its own checks. */
  repositoryEvent(
    repository: Repository,
    event: string,
    payload: Payload & { readonly sender: User },
    only?: App,
  ): void {
    const { sender, ...rest } = payload;
    const action = typeof payload['action'] === 'string' ? payload['action'] : null;
    for (const installation of this.#state.installationsOn(repository)) {
      const wanted = only ? installation.app === only : installation.app.events.includes(event);
      if (!wanted) continue;
      this.#dispatcher.send({
        app: installation.app,
        event,
        action,
        installationId: installation.id,
        repositoryId: repository.id,
        payload: {
          ...rest,
          repository: event === 'push' ? rest['repository'] : fullRepository(this.#urls, repository),
          ...(repository.owner.type === 'Organization'
            ? { organization: this.#organization(repository.owner) }
            : {}),
          sender: simpleUser(this.#urls, sender),
          installation: { id: installation.id, node_id: nodeId('installation', installation.id) },
        },
      });
    }
  }

  issue(
    at: { repository: Repository; issue: Issue; sender: User },
    action: string,
    extra: Payload = {},
  ): void {
    const { repository, issue, sender } = at;
    if (issue.pull) {
      this.pull({ view: { repository, issue, pull: issue.pull }, sender }, action, extra);
      return;
    }
    this.repositoryEvent(repository, 'issues', {
      action,
      issue: issueShape(this.#urls, repository, issue),
      ...extra,
      sender,
    });
  }

  labelChange(
    at: { repository: Repository; issue: Issue; sender: User },
    action: string,
    label: Label,
  ): void {
    this.issue(at, action, { label: labelShape(this.#urls, at.repository, label) });
  }

  assignment(
    at: { repository: Repository; issue: Issue; sender: User },
    action: string,
    assignee: User,
  ): void {
    this.issue(at, action, { assignee: simpleUser(this.#urls, assignee) });
  }

  comment(
    at: { repository: Repository; issue: Issue; comment: Comment; sender: User },
    action: string,
    extra: Payload = {},
  ): void {
    this.repositoryEvent(at.repository, 'issue_comment', {
      action,
      issue: issueShape(this.#urls, at.repository, at.issue),
      comment: commentShape(this.#urls, at.repository, at),
      ...extra,
      sender: at.sender,
    });
  }

  pull(at: { view: PullView; sender: User }, action: string, extra: Payload = {}): void {
    this.repositoryEvent(at.view.repository, 'pull_request', {
      action,
      number: at.view.issue.number,
      pull_request: fullPull(this.#urls, at.view),
      ...extra,
      sender: at.sender,
    });
  }

  review(at: { view: PullView; review: Review; sender: User }, action: string): void {
    const review = reviewShape(this.#urls, at.view, at.review);
    this.repositoryEvent(at.view.repository, 'pull_request_review', {
      action,
      review: { ...review, state: review.state.toLowerCase(), submitted_at: review.submitted_at ?? null },
      pull_request: simplePull(this.#urls, at.view),
      sender: at.sender,
    });
  }

  reviewComment(
    at: { view: PullView; comment: ReviewComment; sender: User },
    action: string,
    extra: Payload = {},
  ): void {
    this.repositoryEvent(at.view.repository, 'pull_request_review_comment', {
      action,
      comment: reviewCommentShape(this.#urls, at.view, at.comment),
      pull_request: simplePull(this.#urls, at.view),
      ...extra,
      sender: at.sender,
    });
  }

  reviewThread(
    at: { view: PullView; thread: ReviewThread; sender: User },
    action: 'resolved' | 'unresolved',
  ): void {
    const comments = at.view.pull.reviewComments.filter(({ thread }) => thread === at.thread);
    this.repositoryEvent(at.view.repository, 'pull_request_review_thread', {
      action,
      pull_request: simplePull(this.#urls, at.view),
      thread: {
        node_id: nodeId('thread', at.thread.id),
        comments: comments.map((comment) => reviewCommentShape(this.#urls, at.view, comment)),
      },
      sender: at.sender,
    });
  }

  /** `requested_action` and `rerequested` go to the App that made the run; the others to all subscribed. */
  checkRun(
    at: { repository: Repository; run: CheckRun; sender: User },
    action: string,
    extra: Payload = {},
  ): void {
    const { repository, run, sender } = at;
    const shape = {
      ...checkRunShape(this.#urls, repository, run),
      check_suite: webhookSuite(this.#urls, repository, run.suite),
    };
    const own = action === 'requested_action' || action === 'rerequested';
    const payload = { action, check_run: shape, ...extra, sender };
    this.repositoryEvent(repository, 'check_run', payload, own ? run.suite.app : undefined);
  }

  checkSuite(
    at: { repository: Repository; suite: CheckSuite; commit: GitCommit; sender: User },
    action: string,
  ): void {
    const { repository: _, ...shape } = checkSuiteShape(this.#urls, at.repository, at);
    const payload = { action, check_suite: shape, sender: at.sender };
    this.repositoryEvent(
      at.repository,
      'check_suite',
      payload,
      action === 'completed' ? undefined : at.suite.app,
    );
  }

  workflowRun(at: { repository: Repository; run: WorkflowRun; commit: GitCommit }, action: string): void {
    const { repository, run } = at;
    this.repositoryEvent(repository, 'workflow_run', {
      action,
      workflow: workflowShape(this.#urls, repository, run.workflow),
      workflow_run: workflowRunShape(this.#urls, repository, at),
      sender: run.actor,
    });
  }

  /** Sent to every App, subscribed or not: they concern the App itself. */
  installation(installation: Installation, action: 'created' | 'deleted', sender: User): void {
    this.#installationEvent(installation, 'installation', {
      action,
      installation: installationShape(this.#urls, installation),
      repositories: this.#state.repositoriesOf(installation).map(repositoryName),
      requester: null,
      sender: simpleUser(this.#urls, sender),
    });
  }

  installationRepositories(
    installation: Installation,
    changed: { added: readonly Repository[]; removed: readonly Repository[] },
    sender: User,
  ): void {
    this.#installationEvent(installation, 'installation_repositories', {
      action: changed.added.length > 0 ? 'added' : 'removed',
      installation: installationShape(this.#urls, installation),
      repository_selection: installation.repositories === 'all' ? 'all' : 'selected',
      repositories_added: changed.added.map(repositoryName),
      repositories_removed: changed.removed.map(repositoryName),
      requester: null,
      sender: simpleUser(this.#urls, sender),
    });
  }

  #installationEvent(installation: Installation, event: string, payload: Payload): void {
    this.#dispatcher.send({
      app: installation.app,
      event,
      action: String(payload['action']),
      installationId: installation.id,
      repositoryId: null,
      payload,
    });
  }

  #organization(owner: User) {
    const api = `${this.#urls.api}/orgs/${owner.login}`;
    return {
      login: owner.login,
      id: owner.id,
      node_id: nodeId('user', owner.id),
      url: api,
      repos_url: `${api}/repos`,
      events_url: `${api}/events`,
      hooks_url: `${api}/hooks`,
      issues_url: `${api}/issues`,
      members_url: `${api}/members{/member}`,
      public_members_url: `${api}/public_members{/member}`,
      avatar_url: `${this.#urls.html}/avatars/${owner.id}`,
      description: null,
    };
  }
}
