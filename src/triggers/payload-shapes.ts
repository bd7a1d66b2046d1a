import { z } from 'zod';
import type { Actor } from '../domain/repository.ts';

const id = z.number().int().min(1);
const actorTypes: readonly string[] = ['User', 'Bot', 'Organization', 'Mannequin', 'Enterprise'];

/** A type that we do not know becomes `Unknown`, which no rule trusts. */
const actor = z
  .object({ id, login: z.string().min(1).max(100), type: z.string() })
  .transform(({ id: actorId, login, type }): Actor => {
    const known = actorTypes.includes(type) ? (type as Actor['type']) : 'Unknown';
    return { id: actorId, login, type: known };
  });
const optionalActor = actor.nullish().transform((value) => value ?? null);
const optionalApp = z
  .object({ id })
  .nullish()
  .transform((value) => value?.id ?? null);

const repository = z.object({
  id,
  name: z.string().min(1),
  owner: z.object({ login: z.string().min(1) }),
  clone_url: z.string().min(1),
  html_url: z.string().min(1),
  private: z.boolean(),
  default_branch: z.string().min(1),
  archived: z.boolean().default(false),
});

const instant = z.coerce
  .date()
  .nullish()
  .transform((value) => value ?? null);

const issue = z.object({
  number: id,
  title: z.string(),
  body: z.string().nullish(),
  html_url: z.string(),
  user: optionalActor,
  updated_at: instant,
  pull_request: z.unknown().optional(),
});

const base = { installation: z.object({ id }), repository, sender: optionalActor };
const label = z.object({ name: z.string() });

/** The parts of `issues` that we read; a missing part makes the delivery malformed, not half understood. */
export const issuesPayload = z.object({ ...base, issue });
/** `issues.labeled` and `issues.unlabeled`. */
export const issueLabelPayload = z.object({ ...base, issue, label });
/** `issues.edited`; what stood there before is named where it was changed. */
export const issueEditedPayload = z.object({
  ...base,
  issue,
  changes: z.object({ body: z.object({ from: z.string() }).nullish() }).nullish(),
});
/** `issue_comment.created`, on issues and on pull requests. */
export const commentPayload = z.object({
  ...base,
  issue,
  comment: z.object({
    id,
    body: z.string(),
    user: optionalActor,
    performed_via_github_app: optionalApp,
    created_at: instant,
  }),
});

const reviewedPull = issue.omit({ pull_request: true });
/** `pull_request_review.submitted`. */
export const reviewPayload = z.object({
  ...base,
  pull_request: reviewedPull,
  review: z.object({
    id,
    body: z.string().nullish(),
    state: z.string(),
    user: optionalActor,
    submitted_at: instant,
  }),
});
/** `pull_request_review_comment.created`. */
export const reviewCommentPayload = z.object({
  ...base,
  pull_request: reviewedPull,
  comment: z.object({
    id,
    body: z.string(),
    user: optionalActor,
    created_at: instant,
    pull_request_review_id: id.nullish(),
  }),
});

const pull = z.object({
  number: id,
  html_url: z.string(),
  closed_at: z.string().nullish(),
  head: z.object({
    ref: z.string(),
    repo: z.object({ id }).nullish(),
  }),
});
/** `push`. */
export const pushPayload = z.object({ ...base, ref: z.string(), deleted: z.boolean() });
/** `pull_request.closed`. */
export const pullPayload = z.object({ ...base, pull_request: pull });
/** `pull_request.labeled`. */
export const pullLabelPayload = z.object({ ...base, pull_request: pull, label });

/** `check_run.requested_action` and `check_run.rerequested`. */
export const checkRunPayload = z.object({
  ...base,
  check_run: z.object({
    id,
    external_id: z
      .string()
      .nullish()
      .transform((value) => value ?? ''),
    app: optionalApp,
    pull_requests: z.array(z.object({ number: id })).nullish(),
  }),
  requested_action: z.object({ identifier: z.string() }).nullish(),
});
const ofApp = z.object({ head_sha: z.string(), app: optionalApp });
/** `check_run.completed`; its suite says whether more is to come. */
export const endedCheckPayload = z.object({
  ...base,
  check_run: ofApp.extend({ check_suite: z.object({ status: z.string().nullish() }).nullish() }),
});
/** `check_suite.completed`. */
export const checkSuitePayload = z.object({ ...base, check_suite: ofApp });
/** `status`, which has no action. */
export const statusPayload = z.object({ ...base, sha: z.string(), state: z.string() });
/** `workflow_run.completed`. */
export const workflowRunPayload = z.object({ ...base, workflow_run: z.object({ head_sha: z.string() }) });
/** `pull_request.synchronize`. */
export const pullMovedPayload = z.object({
  ...base,
  pull_request: pull.extend({ head: pull.shape.head.extend({ sha: z.string().nullish() }) }),
});

const repositoryIds = z
  .array(z.object({ id }))
  .nullish()
  .transform((list) => (list ?? []).map((entry) => entry.id));
/** `installation.deleted` and `installation.suspend`. */
export const installationPayload = z.object({
  installation: z.object({ id }),
  repositories: repositoryIds,
});
/** `installation_repositories.removed`. */
export const removedRepositoriesPayload = z.object({
  installation: z.object({ id }),
  repositories_removed: repositoryIds,
});

export type PayloadRepository = z.output<typeof repository>;
export type PayloadIssue = z.output<typeof issue>;
export type IssueLabelPayload = z.output<typeof issueLabelPayload>;
export type CommentPayload = z.output<typeof commentPayload>;
export type PullLabelPayload = z.output<typeof pullLabelPayload>;
