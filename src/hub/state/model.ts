/** A person, an organization or the bot user of an App. */
export interface User {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Bot' | 'Organization';
  readonly name: string | null;
  readonly createdAt: Date;
}

/** A repository role in rising order of power; the names are GitHub's `role_name`. */
export type RoleName = 'read' | 'triage' | 'write' | 'maintain' | 'admin';

export interface Label {
  readonly id: number;
  name: string;
  color: string;
  description: string | null;
}

export interface Reaction {
  readonly id: number;
  readonly user: User;
  readonly content: string;
  readonly createdAt: Date;
}

export interface Comment {
  readonly id: number;
  readonly user: User;
  body: string;
  readonly createdAt: Date;
  updatedAt: Date;
  readonly reactions: Reaction[];
  /** The App through which it was written, when it was. */
  readonly app: App | null;
}

/** One line of an issue's history, as the timeline and the issue events list it. */
export interface IssueEvent {
  readonly id: number;
  readonly event: string;
  readonly actor: User;
  readonly createdAt: Date;
  /** The App whose bot did it, when one did. */
  readonly app: App | null;
  readonly label?: Label;
  readonly assignee?: User;
  readonly rename?: { readonly from: string; readonly to: string };
  readonly commitId?: string;
  readonly reviewer?: User;
}

/** An issue, or the issue half of a pull request: both share one sequence of numbers. */
export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly user: User;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'not_planned' | 'duplicate' | 'reopened' | null;
  labels: Label[];
  assignees: User[];
  readonly comments: Comment[];
  readonly events: IssueEvent[];
  readonly reactions: Reaction[];
  locked: boolean;
  lockReason: string | null;
  readonly createdAt: Date;
  updatedAt: Date;
  /** When the body was last edited. */
  lastEditedAt: Date | null;
  closedAt: Date | null;
  closedBy: User | null;
  readonly app: App | null;
  pull: Pull | null;
}

export interface PullStats {
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
}

export interface Review {
  readonly id: number;
  readonly user: User;
  body: string;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';
  readonly commitId: string;
  submittedAt: Date | null;
  lastEditedAt: Date | null;
}

export interface ReviewComment {
  readonly id: number;
  readonly reviewId: number;
  readonly user: User;
  body: string;
  readonly path: string;
  readonly line: number | null;
  readonly startLine: number | null;
  readonly side: 'LEFT' | 'RIGHT';
  readonly diffHunk: string;
  /** Lines below the first `@@` of the file's patch. */
  readonly position: number;
  readonly commitId: string;
  readonly inReplyToId: number | null;
  readonly createdAt: Date;
  updatedAt: Date;
  readonly reactions: Reaction[];
  /** Shared by the comments of one thread. */
  readonly thread: ReviewThread;
}

export interface ReviewThread {
  readonly id: number;
  resolvedBy: User | null;
}

/** The pull request half of an issue. */
export interface Pull {
  readonly id: number;
  readonly headRepository: Repository;
  readonly headRef: string;
  headSha: string;
  baseRef: string;
  baseSha: string;
  draft: boolean;
  mergedAt: Date | null;
  mergedBy: User | null;
  mergeCommitSha: string | null;
  mergeable: boolean | null;
  behind: boolean;
  stats: PullStats;
  readonly reviews: Review[];
  readonly reviewComments: ReviewComment[];
  requestedReviewers: User[];
}

export type CheckStatus = 'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending';

export interface CheckAnnotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: 'notice' | 'warning' | 'failure';
  readonly message: string;
  readonly title?: string | undefined;
  readonly raw_details?: string | undefined;
  readonly start_column?: number | undefined;
  readonly end_column?: number | undefined;
}

export interface CheckOutput {
  readonly title: string | null;
  readonly summary: string | null;
  readonly text: string | null;
}

export interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

export interface CheckSuite {
  readonly id: number;
  readonly app: App;
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly before: string | null;
  readonly createdAt: Date;
  updatedAt: Date;
  readonly runs: CheckRun[];
  announcedAs: string;
}

export interface CheckRun {
  readonly id: number;
  readonly suite: CheckSuite;
  name: string;
  readonly headSha: string;
  detailsUrl: string | null;
  externalId: string;
  status: CheckStatus;
  conclusion: string | null;
  startedAt: Date | null;
  completedAt: Date | null;
  output: CheckOutput;
  readonly annotations: CheckAnnotation[];
  actions: readonly CheckAction[];
  /** What the job wrote, for one of GitHub Actions. */
  log?: string;
}

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: User;
  readonly createdAt: Date;
}

/** A workflow file as GitHub Actions knows it. */
export interface Workflow {
  readonly id: number;
  readonly name: string;
  readonly path: string;
  readonly createdAt: Date;
}

/** One run of a workflow; its jobs are the check runs of its suite. */
export interface WorkflowRun {
  readonly id: number;
  readonly workflow: Workflow;
  readonly suite: CheckSuite;
  readonly event: string;
  readonly number: number;
  readonly actor: User;
  readonly createdAt: Date;
  attempt: number;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  startedAt: Date;
  updatedAt: Date;
}

/** What a protected branch demands; pushes to it by an App are always refused. */
export interface BranchProtection {
  readonly requiredChecks: readonly string[];
}

export interface Repository {
  readonly id: number;
  readonly owner: User;
  readonly name: string;
  description: string | null;
  private: boolean;
  archived: boolean;
  /** False for private repositories on free plans. */
  drafts: boolean;
  /** Pull requests from it keep its record; GitHub then shows no head repository. */
  deleted: boolean;
  hasIssues: boolean;
  defaultBranch: string;
  readonly parent: Repository | null;
  readonly gitDir: string;
  /** Full ref name to object id: the state of the bare repository, re-read after every change. */
  refs: ReadonlyMap<string, string>;
  readonly roles: Map<string, RoleName>;
  readonly labels: Label[];
  readonly issues: Issue[];
  /** Of issues and pull requests together; GitHub gives no number twice, also when the issue is gone. */
  lastNumber: number;
  readonly suites: CheckSuite[];
  readonly statuses: CommitStatus[];
  /** Whether code scanning is switched on: free for public repositories, a licence for others. */
  codeScanning: boolean;
  readonly sarifs: SarifUpload[];
  readonly workflows: Workflow[];
  readonly workflowRuns: WorkflowRun[];
  readonly protectedBranches: Map<string, BranchProtection>;
  /** Branches that take only pull requests which hold all of them: GitHub calls the others `behind`. */
  readonly strictBranches: Set<string>;
  /** Names of the checks that a ruleset demands for a branch. */
  readonly ruledBranches: Map<string, readonly string[]>;
  /** Commits that the hub itself made for a caller, which GitHub would sign. */
  readonly signedCommits: Set<string>;
  sizeKib: number;
  readonly createdAt: Date;
  updatedAt: Date;
  pushedAt: Date;
}

/** One log of findings that was uploaded for a commit. */
export interface SarifUpload {
  readonly id: string;
  readonly commit: string;
  readonly ref: string;
  readonly tool: string;
  readonly category: string;
  readonly results: readonly { readonly ruleId: string; readonly message: { readonly text: string } }[];
}

export type Permissions = Readonly<Record<string, 'read' | 'write' | 'admin'>>;

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly clientId: string;
  readonly owner: User;
  readonly bot: User;
  readonly publicKeyPem: string;
  webhookUrl: string | null;
  webhookSecret: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly createdAt: Date;
  readonly hookId: number;
}

/** What a person agreed to create from a manifest; waits for its code to be exchanged. */
export interface PendingApp {
  readonly name: string;
  readonly webhookUrl: string | null;
  readonly permissions: Permissions;
  readonly events: readonly string[];
}

export interface Installation {
  readonly id: number;
  readonly app: App;
  readonly account: User;
  /** Repository ids, or every repository of the account. */
  repositories: ReadonlySet<number> | 'all';
  readonly createdAt: Date;
  updatedAt: Date;
}

export interface InstallationToken {
  readonly token: string;
  readonly installation: Installation;
  /** Null: every repository of the installation. */
  readonly repositoryIds: ReadonlySet<number> | null;
  readonly permissions: Permissions;
  readonly expiresAt: Date;
  /** Repositories that it was used for, whether or not it reached them. */
  readonly uses: Set<number>;
}

/** One attempt to send one webhook; a redelivery has another id and the same guid. */
export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly app: App;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly body: string;
  readonly redelivery: boolean;
  readonly deliveredAt: Date;
  durationS: number;
  status: string;
  statusCode: number;
  requestHeaders: Readonly<Record<string, string>>;
  responseHeaders: Readonly<Record<string, string>>;
  responseBody: string;
}
