import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { appPermissions } from '../../src/cli/demo/demo-files.ts';
import { type Hub, startHub } from '../../src/hub/start-hub.ts';
import type { RoleName } from '../../src/hub/state/model.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

const secret = 'a-test-secret-that-is-long-enough-for-us';
const at = { owner: 'mira', repo: 'thing' };

export interface StageOptions {
  /** First commit of `mira/thing`; without them the repository is empty. */
  readonly files?: Readonly<Record<string, string>>;
  /** A local repository that `mira/thing` starts as, in the place of `files`. */
  readonly fromDirectory?: string;
  readonly private?: boolean;
  /** Permissions of `app.yml` that the owner did not grant. */
  readonly withoutPermissions?: readonly string[];
  /** Environment of the bot: model keys and the like. */
  readonly env?: Readonly<Record<string, string>>;
  /** Makes the database of the bot; default a clone of the template that all test files share. */
  readonly createDatabase?: () => Promise<TestDatabase>;
  /** Name of the recording below `PULLWRIGHT_RECORD_DIR`; null, or without that variable: nothing is recorded. */
  readonly record: string | null;
}

/** A pull request that a person opens from a branch of their own. */
export interface OpenedPull {
  readonly number: number;
  readonly branch: string;
  readonly headSha: string;
}

/** A local GitHub with `mira/thing`, people of several roles and a registered App, and a database for its bot. */
export interface HubStage {
  readonly hub: Hub;
  readonly repository: 'mira/thing';
  readonly appId: number;
  /** Environment of a bot on this stage; the port is any free one. */
  readonly env: Readonly<Record<string, string>>;
  /** Where the bot keeps its clones. */
  readonly stateDir: string;
  /** Octokit of a person: `mira` owns, `wim` may write, `rea` may read, `tri` may triage, `otto` is a stranger. */
  as(login: string): Octokit;
  /** Octokit of an App on its installation. */
  asApp(app: { readonly id: number; readonly privateKey: string }, installationId: number): Octokit;
  addPerson(login: string, role: RoleName): void;
  /** Sends the App's webhooks to a bot at this address. */
  deliverTo(url: string): void;
  install(): { readonly installationId: number };
  fileIssue(title: string, body: string): Promise<number>;
  label(number: number, login?: string): Promise<void>;
  comment(number: number, body: string, login?: string): Promise<void>;
  /** A branch with one more commit and a pull request from it. */
  openPull(pull: {
    readonly branch: string;
    readonly files: Readonly<Record<string, string>>;
    readonly title: string;
    readonly body: string;
    readonly login?: string;
    /** Of its commit. */
    readonly message?: string;
  }): Promise<OpenedPull>;
  /** Bodies of the comments that the bot wrote. */
  botComments(number: number): readonly string[];
  waitForComment(number: number, pattern: RegExp): Promise<string>;
  close(): Promise<void>;
}

export async function openHubStage(options: StageOptions): Promise<HubStage> {
  const directory = await mkdtemp(join(tmpdir(), 'pullwright-e2e-'));
  // The sandboxed uid must be able to walk to the directories it gets.
  await chmod(directory, 0o755);
  const database = await (options.createDatabase ?? createTestDatabase)();
  const recordDir = process.env['PULLWRIGHT_RECORD_DIR'];
  const hub = await startHub({
    directory: join(directory, 'hub'),
    ...(recordDir === undefined || options.record === null
      ? {}
      : { recordTo: join(recordDir, `${options.record}.jsonl`) }),
  });
  const tokens = await addPeople(hub, options);
  const app = hub.admin.createApp({
    name: 'Pullwright',
    slug: 'pullwright',
    webhookSecret: secret,
    ...granted(options.withoutPermissions ?? []),
  });
  const stateDir = join(directory, 'state');
  const as = (login: string): Octokit =>
    new Octokit({ auth: tokens.get(login), baseUrl: `${hub.url}/api/v3` });
  const botComments = (number: number): readonly string[] =>
    hub.admin
      .issue('mira/thing', number)
      .comments.filter(({ user }) => user.type === 'Bot')
      .map(({ body }) => body);
  return {
    hub,
    repository: 'mira/thing',
    appId: app.id,
    stateDir,
    env: {
      APP_ID: String(app.id),
      PRIVATE_KEY: app.privateKey,
      WEBHOOK_SECRET: secret,
      GHE_HOST: hub.host,
      GHE_PROTOCOL: 'http',
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: database.url,
      PULLWRIGHT_HOME: stateDir,
      SANDBOX_REGISTRIES: 'off',
      ONBOARDING: 'off',
      AGENT_REPAIR_SECONDS: '30',
      ...options.env,
    },
    as,
    asApp: ({ id, privateKey }, installationId) =>
      new Octokit({
        authStrategy: createAppAuth,
        auth: { appId: id, privateKey, installationId },
        baseUrl: `${hub.url}/api/v3`,
      }),
    addPerson(login, role) {
      tokens.set(login, hub.admin.createUser({ login }).token);
      hub.admin.setRole('mira/thing', login, role);
    },
    deliverTo: (url) => hub.admin.setWebhookUrl(app.id, `${url}/api/github/webhooks`),
    install: () => hub.admin.install(app.id, 'mira', ['thing']),
    ...actions(as),
    botComments,
    waitForComment: (number, pattern) =>
      hub.admin.waitFor(() => botComments(number).find((body) => pattern.test(body)), 60_000),
    async close() {
      await hub.close();
      await database.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function addPeople(hub: Hub, options: StageOptions): Promise<Map<string, string>> {
  const tokens = new Map<string, string>();
  for (const login of ['mira', 'wim', 'rea', 'tri', 'otto'])
    tokens.set(login, hub.admin.createUser({ login }).token);
  await hub.admin.createRepository({
    owner: 'mira',
    name: 'thing',
    private: options.private ?? false,
    ...(options.files ? { files: options.files } : {}),
    ...(options.fromDirectory === undefined ? {} : { fromDirectory: options.fromDirectory }),
  });
  hub.admin.setRole('mira/thing', 'wim', 'write');
  hub.admin.setRole('mira/thing', 'rea', 'read');
  hub.admin.setRole('mira/thing', 'tri', 'triage');
  return tokens;
}

function granted(without: readonly string[]): ReturnType<typeof appPermissions> {
  const { permissions, events } = appPermissions();
  const kept = Object.entries(permissions).filter(([name]) => !without.includes(name));
  return { permissions: Object.fromEntries(kept), events };
}

/** What people do, over the API and as themselves. */
function actions(
  as: (login: string) => Octokit,
): Pick<HubStage, 'fileIssue' | 'label' | 'comment' | 'openPull'> {
  return {
    async fileIssue(title, body) {
      return (await as('mira').rest.issues.create({ ...at, title, body })).data.number;
    },
    async label(number, login = 'mira') {
      await as(login).rest.issues.addLabels({ ...at, issue_number: number, labels: ['agent'] });
    },
    async comment(number, body, login = 'mira') {
      await as(login).rest.issues.createComment({ ...at, issue_number: number, body });
    },
    async openPull({ branch, files, title, body, login = 'mira', message }) {
      const { rest } = as(login);
      await commitOn(rest, branch, { files, ...(message === undefined ? {} : { message }) });
      const { data: pull } = await rest.pulls.create({ ...at, head: branch, base: 'main', title, body });
      return { number: pull.number, branch, headSha: pull.head.sha };
    },
  };
}

/** One commit on top of main, on a new branch. */
async function commitOn(
  rest: Octokit['rest'],
  branch: string,
  {
    files,
    message = `Change ${Object.keys(files).join(', ')}`,
  }: { readonly files: Readonly<Record<string, string>>; readonly message?: string },
): Promise<void> {
  const { data: main } = await rest.git.getRef({ ...at, ref: 'heads/main' });
  const parent = main.object.sha;
  const tree = Object.entries(files).map(
    ([path, content]) => ({ path, content, mode: '100644', type: 'blob' }) as const,
  );
  const { data: made } = await rest.git.createTree({ ...at, base_tree: parent, tree });
  const { data: commit } = await rest.git.createCommit({ ...at, message, tree: made.sha, parents: [parent] });
  await rest.git.createRef({ ...at, ref: `refs/heads/${branch}`, sha: commit.sha });
}
