import { createApp, installApp, uninstallApp } from '../actions/app-actions.ts';
import { addFirstCommit, createRepository, deleteRepository } from '../actions/repository-actions.ts';
import {
  type FinishedJob,
  finishJob,
  type NewWorkflowRun,
  rerunJob,
  startWorkflow,
} from '../actions/workflow-actions.ts';
import { runGit } from '../git/run-git.ts';
import type { Faults } from '../http/faults.ts';
import type { InstallationLimits } from '../http/installation-limits.ts';
import type { HubContext } from '../hub-context.ts';
import type {
  App,
  CheckRun,
  Delivery,
  InstallationToken,
  Issue,
  Permissions,
  Repository,
  RoleName,
  User,
} from '../state/model.ts';
import type { WebhookFaults } from '../webhooks/webhook-faults.ts';
import { waitForState } from './wait-for-state.ts';

/** A repository as the admin names it: `owner/name`. */
export type RepositoryName = `${string}/${string}`;

export interface CreatedUser {
  readonly id: number;
  readonly login: string;
  /** A `ghp_…` token with which to act as this user by HTTP and git. */
  readonly token: string;
}

export interface CreatedRepository {
  readonly id: number;
  readonly fullName: RepositoryName;
  readonly cloneUrl: string;
  readonly htmlUrl: string;
  readonly defaultBranch: string;
}

export interface RepositorySetup {
  readonly owner: string;
  readonly name: string;
  readonly private?: boolean;
  readonly description?: string;
  /** A local git repository whose branches and tags are taken over; its current branch becomes the default. */
  readonly fromDirectory?: string;
  /** Path to content: the first commit. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface AppSetup {
  readonly name: string;
  readonly slug: string;
  readonly webhookUrl?: string;
  readonly webhookSecret: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  /** Login of the owner; `hub` when absent. */
  readonly owner?: string;
}

export interface CreatedApp {
  readonly id: number;
  readonly slug: string;
  /** PEM, PKCS#1. */
  readonly privateKey: string;
  readonly clientId: string;
  readonly botLogin: string;
}

/** Sets the stage directly, without HTTP and without rights: for the demo's set-up and for tests. */
export class HubAdmin {
  readonly #hub: HubContext;

  constructor(hub: HubContext) {
    this.#hub = hub;
  }

  /** Planted failures of the API. */
  get faults(): Faults {
    return this.#hub.faults;
  }

  /** Limits per installation: what to enforce, and who broke them. */
  get limits(): InstallationLimits {
    return this.#hub.limits;
  }

  /** Planted faults of webhooks. */
  get webhookFaults(): WebhookFaults {
    return this.#hub.dispatcher.faults;
  }

  createUser(user: { readonly login: string; readonly type?: User['type'] }): CreatedUser {
    const created = this.#hub.state.addUser(user.login, user.type ?? 'User');
    return { id: created.id, login: created.login, token: this.#hub.state.issueTokenFor(created) };
  }

  async createRepository(setup: RepositorySetup): Promise<CreatedRepository> {
    const defaultBranch = setup.fromDirectory ? await currentBranch(setup.fromDirectory) : 'main';
    const repository = await createRepository(this.#hub, {
      owner: this.#hub.state.addUser(setup.owner, 'User'),
      name: setup.name,
      private: setup.private ?? false,
      description: setup.description ?? null,
      defaultBranch,
    });
    if (setup.fromDirectory) await this.#hub.store.importFrom(repository, setup.fromDirectory);
    if (setup.files) await addFirstCommit(this.#hub, repository, setup.files);
    return this.#created(repository);
  }

  /** Copies a repository to another account, as the person would by a click. */
  async fork(repository: RepositoryName, ownerLogin: string): Promise<CreatedRepository> {
    const parent = this.repository(repository);
    const owner = this.#hub.state.addUser(ownerLogin, 'User');
    return this.#created(
      await createRepository(this.#hub, { owner, name: parent.name, private: parent.private, parent }),
    );
  }

  /** As on a private repository of a free plan. */
  forbidDrafts(repository: RepositoryName): void {
    this.repository(repository).drafts = false;
  }

  deleteRepository(repository: RepositoryName): void {
    deleteRepository(this.#hub, this.repository(repository));
  }

  setRole(repository: RepositoryName, login: string, role: RoleName | 'none'): void {
    const { roles } = this.repository(repository);
    this.#hub.state.addUser(login, 'User');
    if (role === 'none') roles.delete(login.toLowerCase());
    else roles.set(login.toLowerCase(), role);
    this.#hub.state.changed();
  }

  createApp(setup: AppSetup): CreatedApp {
    const { app, privateKey } = createApp(this.#hub, {
      ...setup,
      owner: this.#hub.state.addUser(setup.owner ?? 'hub', 'Organization'),
      webhookUrl: setup.webhookUrl ?? null,
    });
    return { id: app.id, slug: app.slug, privateKey, clientId: app.clientId, botLogin: app.bot.login };
  }

  setWebhookUrl(appId: number, url: string | null): void {
    this.app(appId).webhookUrl = url;
  }

  /** Installs, or changes the choice of repositories (short names or `owner/name`); tells the App. */
  install(
    appId: number,
    ownerLogin: string,
    repositories: readonly string[] | 'all',
  ): { installationId: number } {
    const account = this.#hub.state.addUser(ownerLogin, 'User');
    const chosen =
      repositories === 'all'
        ? 'all'
        : repositories.map((name) => this.repository(`${ownerLogin}/${name.split('/').at(-1) ?? ''}`));
    return { installationId: installApp(this.#hub, this.app(appId), { account, repositories: chosen }).id };
  }

  uninstall(installationId: number): void {
    const installation = this.#hub.state.installations.get(installationId);
    if (!installation) throw new Error(`no installation ${installationId}`);
    uninstallApp(this.#hub, installation);
  }

  /** A person presses a button that a check run offers. */
  requestAction(
    repository: RepositoryName,
    checkRunId: number,
    by: { readonly identifier: string; readonly login: string },
  ): void {
    const found = this.repository(repository);
    const run = checkRunOf(found, checkRunId);
    if (!run.actions.some((action) => action.identifier === by.identifier))
      throw new Error(`check run ${checkRunId} offers no ${by.identifier}`);
    const sender = this.#hub.state.addUser(by.login, 'User');
    this.#hub.events.checkRun({ repository: found, run, sender }, 'requested_action', {
      requested_action: { identifier: by.identifier },
    });
  }

  /** A person has a check run done again, with the link that GitHub shows beside it. */
  rerequestCheck(repository: RepositoryName, checkRunId: number, login: string): void {
    const found = this.repository(repository);
    const run = checkRunOf(found, checkRunId);
    const sender = this.#hub.state.addUser(login, 'User');
    this.#hub.events.checkRun({ repository: found, run, sender }, 'rerequested');
  }

  /** Takes an issue away as its owner would, by deleting it or by moving it to another repository. */
  removeIssue(repository: RepositoryName, number: number, action: 'deleted' | 'transferred'): void {
    const found = this.repository(repository);
    const issue = this.issue(repository, number);
    found.issues.splice(found.issues.indexOf(issue), 1);
    this.#hub.events.issue({ repository: found, issue, sender: found.owner }, action);
    this.#hub.state.changed();
  }

  archive(repository: RepositoryName, archived = true): void {
    this.repository(repository).archived = archived;
    this.#hub.state.changed();
  }

  /** Pull requests to the branch have to hold all of it before they are merged. */
  demandUpToDate(repository: RepositoryName, branch: string): void {
    this.repository(repository).strictBranches.add(branch);
    this.#hub.state.changed();
  }

  /** A ruleset that demands these checks before anything is merged into the branch. */
  requireChecks(repository: RepositoryName, branch: string, checks: readonly string[]): void {
    this.repository(repository).ruledBranches.set(branch, checks);
    this.#hub.state.changed();
  }

  /** GitHub Actions takes up a workflow at a commit; its jobs are check runs. */
  startWorkflow(repository: RepositoryName, wanted: NewWorkflowRun): { readonly runId: number } {
    return { runId: startWorkflow(this.#hub, this.repository(repository), wanted).id };
  }

  /** A job ends; with the last one the workflow run does. */
  async finishJob(repository: RepositoryName, runId: number, job: FinishedJob): Promise<void> {
    await finishJob(this.#hub, this.repository(repository), { runId, job });
  }

  /** A person has a job run again, as another attempt of its workflow run. */
  rerunJob(repository: RepositoryName, runId: number, name: string): void {
    rerunJob(this.#hub, this.repository(repository), { runId, name });
  }

  protectBranch(repository: RepositoryName, branch: string, requiredChecks: readonly string[] = []): void {
    this.repository(repository).protectedBranches.set(branch, { requiredChecks });
    this.#hub.state.changed();
  }

  /** Ends a token's hour now, as if it had passed. */
  expireTokens(): void {
    for (const [text, token] of this.#hub.state.tokens)
      this.#hub.state.tokens.set(text, { ...token, expiresAt: new Date(0) });
  }

  /** What was given out, for what it was used, and whether it still works. */
  tokenLog(): readonly (Pick<InstallationToken, 'installation' | 'repositoryIds' | 'permissions' | 'uses'> & {
    readonly live: boolean;
  })[] {
    const { tokens, tokenLog } = this.#hub.state;
    return tokenLog.map((token) => ({ ...token, live: tokens.has(token.token) }));
  }

  /** Resolves when no webhook is on its way. */
  async deliveriesIdle(): Promise<void> {
    await this.#hub.dispatcher.idle();
  }

  /** The first value other than undefined, tried again after each change of state. Rejects after the time. */
  async waitFor<T>(predicate: () => T | undefined, timeoutMs: number): Promise<T> {
    return waitForState(this.#hub.state, predicate, timeoutMs);
  }

  /** The live record: issues, pulls, checks, statuses and refs hang on it. For reading. */
  repository(name: RepositoryName): Repository {
    const [owner = '', short = ''] = name.split('/');
    const found = this.#hub.state.repository(owner, short);
    if (!found) throw new Error(`no repository ${name}`);
    return found;
  }

  issue(repository: RepositoryName, number: number): Issue {
    const found = this.repository(repository).issues.find((issue) => issue.number === number);
    if (!found) throw new Error(`no issue ${repository}#${number}`);
    return found;
  }

  app(appId: number): App {
    const found = this.#hub.state.apps.get(appId);
    if (!found) throw new Error(`no App ${appId}`);
    return found;
  }

  /** The App's webhooks so far, oldest first. */
  deliveries(appId: number): readonly Delivery[] {
    return this.#hub.state.deliveries.filter((delivery) => delivery.app.id === appId);
  }

  #created(repository: Repository): CreatedRepository {
    const htmlUrl = this.#hub.urls.repositoryHtml(repository);
    return {
      id: repository.id,
      fullName: `${repository.owner.login}/${repository.name}`,
      cloneUrl: `${htmlUrl}.git`,
      htmlUrl,
      defaultBranch: repository.defaultBranch,
    };
  }
}

async function currentBranch(directory: string): Promise<string> {
  const { code, stdout } = await runGit(
    ['-c', 'safe.directory=*', '-C', directory, 'symbolic-ref', '--short', '--quiet', 'HEAD'],
    { accept: [1] },
  );
  return code === 0 ? stdout.toString().trim() : 'main';
}

function checkRunOf({ suites }: Repository, id: number): CheckRun {
  const run = suites.flatMap(({ runs }) => runs).find((one) => one.id === id);
  if (!run) throw new Error(`no check run ${id}`);
  return run;
}
