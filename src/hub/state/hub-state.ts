import { randomBytes } from 'node:crypto';
import { IdSequence } from './ids.ts';
import type {
  App,
  Delivery,
  Installation,
  InstallationToken,
  Issue,
  PendingApp,
  Repository,
  RoleName,
  User,
} from './model.ts';

const roleOrder: readonly RoleName[] = ['read', 'triage', 'write', 'maintain', 'admin'];

/** Everything that the hub knows besides git objects, in memory: gone when it stops. */
export class HubState {
  readonly ids = new IdSequence();
  readonly users = new Map<string, User>();
  readonly userTokens = new Map<string, User>();
  readonly repositories = new Map<string, Repository>();
  readonly apps = new Map<number, App>();
  readonly installations = new Map<number, Installation>();
  readonly tokens = new Map<string, InstallationToken>();
  /** Every token ever given out, revoked and expired ones too. */
  readonly tokenLog: InstallationToken[] = [];
  readonly deliveries: Delivery[] = [];
  /** By the code of a manifest that a person agreed to. */
  readonly pendingApps = new Map<string, PendingApp>();
  /** Tarballs that may be fetched once. */
  readonly archiveTickets = new Map<string, { readonly repository: Repository; readonly sha: string }>();
  /** Logs of jobs that may be fetched once, by ticket. */
  readonly logTickets = new Map<string, string>();
  readonly #listeners = new Set<() => void>();

  /** Tells all who wait that something may have changed. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Calls back after each change, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  addUser(login: string, type: User['type']): User {
    const existing = this.users.get(login.toLowerCase());
    if (existing) return existing;
    const user: User = { id: this.ids.take('user'), login, type, name: null, createdAt: new Date() };
    this.users.set(login.toLowerCase(), user);
    return user;
  }

  issueTokenFor(user: User): string {
    const token = `ghp_${randomBytes(27).toString('base64url').replace(/[-_]/g, 'x')}`;
    this.userTokens.set(token, user);
    return token;
  }

  user(login: string): User | undefined {
    return this.users.get(login.toLowerCase());
  }

  repository(owner: string, name: string): Repository | undefined {
    return this.repositories.get(`${owner}/${name}`.toLowerCase());
  }

  repositoryById(id: number): Repository | undefined {
    return [...this.repositories.values()].find((repository) => repository.id === id);
  }

  app(idOrClientId: string): App | undefined {
    return [...this.apps.values()].find(
      (app) => String(app.id) === idOrClientId || app.clientId === idOrClientId,
    );
  }

  installationsOn(repository: Repository): readonly Installation[] {
    return [...this.installations.values()].filter((installation) => covers(installation, repository));
  }

  repositoriesOf(installation: Installation): readonly Repository[] {
    return [...this.repositories.values()].filter((repository) => covers(installation, repository));
  }
}

function covers(installation: Installation, repository: Repository): boolean {
  if (installation.account.id !== repository.owner.id) return false;
  return installation.repositories === 'all' || installation.repositories.has(repository.id);
}

/** The role of a user; everyone reads a public repository. Null: no access at all. */
export function roleOf(repository: Repository, user: User): RoleName | null {
  if (repository.owner.id === user.id) return 'admin';
  const role = repository.roles.get(user.login.toLowerCase());
  return role ?? (repository.private ? null : 'read');
}

/** Whether a role reaches another. */
export function atLeast(role: RoleName | null, wanted: RoleName): boolean {
  return role !== null && roleOrder.indexOf(role) >= roleOrder.indexOf(wanted);
}

export function findIssue(repository: Repository, number: number): Issue | undefined {
  return repository.issues.find((issue) => issue.number === number);
}

/** Open pull requests, of any repository, whose head is this branch. */
export function openPullsWithHead(state: HubState, repository: Repository, branch: string) {
  const found: { repository: Repository; issue: Issue }[] = [];
  for (const base of state.repositories.values())
    for (const issue of base.issues)
      if (
        issue.state === 'open' &&
        issue.pull?.headRepository === repository &&
        issue.pull.headRef === branch
      )
        found.push({ repository: base, issue });
  return found;
}
