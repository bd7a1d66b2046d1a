/** The part of GitHub's GraphQL schema that the hub answers; names and shapes are GitHub's. */
export const schemaText = `
scalar DateTime
scalar GitObjectID
scalar URI
scalar Base64String
scalar BigInt

interface Node { id: ID! }
interface Actor { login: String! avatarUrl: URI! url: URI! }
type User implements Actor & Node { id: ID! databaseId: Int login: String! avatarUrl: URI! url: URI! }
type Bot implements Actor & Node { id: ID! databaseId: Int login: String! avatarUrl: URI! url: URI! }
type Organization implements Actor & Node { id: ID! databaseId: Int login: String! avatarUrl: URI! url: URI! }

type PageInfo { hasNextPage: Boolean! endCursor: String hasPreviousPage: Boolean! startCursor: String }
type Label { id: ID! name: String! color: String! }
type LabelConnection { nodes: [Label] totalCount: Int! pageInfo: PageInfo! }
type Issue implements Node {
  id: ID! number: Int! title: String! body: String! state: IssueState! closed: Boolean! url: URI! author: Actor
  lastEditedAt: DateTime
  repository: Repository! labels(first: Int): LabelConnection
  comments(first: Int, last: Int, after: String): IssueCommentConnection!
}
type IssueComment implements Node {
  id: ID! body: String! author: Actor url: URI! createdAt: DateTime! lastEditedAt: DateTime isMinimized: Boolean!
}
type IssueCommentConnection { nodes: [IssueComment] totalCount: Int! pageInfo: PageInfo! }
enum IssueState { OPEN CLOSED }
type IssueConnection { nodes: [Issue] totalCount: Int! pageInfo: PageInfo! }

enum PullRequestState { OPEN CLOSED MERGED }
enum MergeableState { MERGEABLE CONFLICTING UNKNOWN }
enum PullRequestReviewState { PENDING COMMENTED APPROVED CHANGES_REQUESTED DISMISSED }
type PullRequestReview {
  id: ID! databaseId: Int fullDatabaseId: BigInt state: PullRequestReviewState! body: String! author: Actor createdAt: DateTime!
  lastEditedAt: DateTime isMinimized: Boolean!
}
type PullRequestReviewConnection { nodes: [PullRequestReview] totalCount: Int! pageInfo: PageInfo! }
type PullRequestReviewComment {
  id: ID! databaseId: Int fullDatabaseId: BigInt body: String! path: String! author: Actor url: URI! createdAt: DateTime!
  lastEditedAt: DateTime isMinimized: Boolean!
}
type PullRequestReviewCommentConnection { nodes: [PullRequestReviewComment] totalCount: Int! pageInfo: PageInfo! }
enum DiffSide { LEFT RIGHT }
type PullRequestReviewThread implements Node {
  id: ID! isResolved: Boolean! isOutdated: Boolean! path: String! line: Int startLine: Int diffSide: DiffSide!
  resolvedBy: User pullRequest: PullRequest! repository: Repository! viewerCanResolve: Boolean!
  comments(first: Int, after: String): PullRequestReviewCommentConnection!
}
type PullRequestReviewThreadConnection { nodes: [PullRequestReviewThread] totalCount: Int! pageInfo: PageInfo! }
type PullRequest implements Node {
  id: ID! databaseId: Int number: Int! title: String! body: String! url: URI! state: PullRequestState!
  isDraft: Boolean! merged: Boolean! mergeable: MergeableState! author: Actor
  lastEditedAt: DateTime
  baseRefName: String! headRefName: String! baseRefOid: GitObjectID! headRefOid: GitObjectID!
  isCrossRepository: Boolean! additions: Int! deletions: Int! changedFiles: Int!
  repository: Repository! headRepository: Repository labels(first: Int): LabelConnection
  closingIssuesReferences(first: Int, after: String): IssueConnection
  commits(first: Int, last: Int, after: String): PullRequestCommitConnection!
  comments(first: Int, last: Int, after: String): IssueCommentConnection!
  reviews(first: Int, last: Int, after: String): PullRequestReviewConnection
  reviewThreads(first: Int, last: Int, after: String, before: String): PullRequestReviewThreadConnection!
  statusCheckRollup: StatusCheckRollup
}
type PullRequestCommit { commit: Commit! }
type PullRequestCommitConnection { nodes: [PullRequestCommit] totalCount: Int! pageInfo: PageInfo! }

enum StatusState { EXPECTED ERROR FAILURE PENDING SUCCESS }
enum CheckStatusState { REQUESTED QUEUED IN_PROGRESS COMPLETED WAITING PENDING }
enum CheckConclusionState { ACTION_REQUIRED TIMED_OUT CANCELLED FAILURE SUCCESS NEUTRAL SKIPPED STARTUP_FAILURE STALE }
type App { id: ID! databaseId: Int name: String! slug: String! }
type CheckSuite { id: ID! databaseId: Int app: App }
type CheckRun implements Node {
  id: ID! databaseId: Int name: String! status: CheckStatusState! conclusion: CheckConclusionState
  detailsUrl: URI url: URI! checkSuite: CheckSuite!
  isRequired(pullRequestId: ID, pullRequestNumber: Int): Boolean!
}
type StatusContext implements Node {
  id: ID! context: String! state: StatusState! description: String targetUrl: URI
  isRequired(pullRequestId: ID, pullRequestNumber: Int): Boolean!
}
union StatusCheckRollupContext = CheckRun | StatusContext
type StatusCheckRollupContextConnection { nodes: [StatusCheckRollupContext] totalCount: Int! pageInfo: PageInfo! }
type StatusCheckRollup {
  id: ID! state: StatusState! contexts(first: Int, last: Int, after: String): StatusCheckRollupContextConnection!
}
interface GitObject { id: ID! oid: GitObjectID! }
type Commit implements Node & GitObject {
  id: ID! oid: GitObjectID! message: String! messageHeadline: String! committedDate: DateTime! url: URI!
  statusCheckRollup: StatusCheckRollup
}
type Ref implements Node { id: ID! name: String! prefix: String! target: GitObject }
type Repository implements Node {
  id: ID! databaseId: Int name: String! nameWithOwner: String! isPrivate: Boolean! isArchived: Boolean! url: URI!
  owner: Actor! defaultBranchRef: Ref ref(qualifiedName: String!): Ref
  pullRequest(number: Int!): PullRequest issue(number: Int!): Issue
}
type RateLimit { limit: Int! cost: Int! remaining: Int! used: Int! resetAt: DateTime! }

type Query {
  viewer: Actor!
  repository(owner: String!, name: String!, followRenames: Boolean): Repository
  node(id: ID!): Node
  rateLimit: RateLimit
}

input MarkPullRequestReadyForReviewInput { pullRequestId: ID! clientMutationId: String }
type MarkPullRequestReadyForReviewPayload { pullRequest: PullRequest clientMutationId: String }
input ConvertPullRequestToDraftInput { pullRequestId: ID! clientMutationId: String }
type ConvertPullRequestToDraftPayload { pullRequest: PullRequest clientMutationId: String }
input ResolveReviewThreadInput { threadId: ID! clientMutationId: String }
type ResolveReviewThreadPayload { thread: PullRequestReviewThread clientMutationId: String }
input UnresolveReviewThreadInput { threadId: ID! clientMutationId: String }
type UnresolveReviewThreadPayload { thread: PullRequestReviewThread clientMutationId: String }
input CommittableBranch { id: ID repositoryNameWithOwner: String branchName: String }
input CommitMessage { headline: String! body: String }
input FileAddition { path: String! contents: Base64String! }
input FileDeletion { path: String! }
input FileChanges { additions: [FileAddition!] deletions: [FileDeletion!] }
input CreateCommitOnBranchInput {
  branch: CommittableBranch! message: CommitMessage! expectedHeadOid: GitObjectID! fileChanges: FileChanges
  clientMutationId: String
}
type CreateCommitOnBranchPayload { commit: Commit ref: Ref clientMutationId: String }

type Mutation {
  markPullRequestReadyForReview(input: MarkPullRequestReadyForReviewInput!): MarkPullRequestReadyForReviewPayload
  convertPullRequestToDraft(input: ConvertPullRequestToDraftInput!): ConvertPullRequestToDraftPayload
  resolveReviewThread(input: ResolveReviewThreadInput!): ResolveReviewThreadPayload
  unresolveReviewThread(input: UnresolveReviewThreadInput!): UnresolveReviewThreadPayload
  createCommitOnBranch(input: CreateCommitOnBranchInput!): CreateCommitOnBranchPayload
}
`;
