import { execFile } from 'node:child_process';
import { createSign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Octokit } from '@octokit/rest';
import type { CreatedApp, CreatedRepository, CreatedUser } from '../../src/hub/admin/hub-admin.ts';
import { type Hub, startHub } from '../../src/hub/start-hub.ts';

const execFileAsync = promisify(execFile);

export const webhookSecret = 'a secret of this test that is long enough';

const botPermissions = {
  contents: 'write',
  issues: 'write',
  pull_requests: 'write',
  checks: 'write',
  security_events: 'write',
  statuses: 'write',
  actions: 'read',
  metadata: 'read',
} as const;

const botEvents = [
  'issues',
  'issue_comment',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'check_run',
  'check_suite',
  'status',
  'workflow_run',
  'push',
];

export interface ReceivedWebhook {
  readonly event: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Stands for the bot's web server: keeps what it got, answers what the test wants. */
export interface Receiver {
  readonly url: string;
  readonly received: ReceivedWebhook[];
  status: number;
  close(): Promise<void>;
}

export interface Fixture {
  readonly hub: Hub;
  readonly directory: string;
  readonly receiver: Receiver;
  readonly app: CreatedApp;
  readonly installationId: number;
  readonly owner: CreatedUser;
  readonly repository: CreatedRepository;
  /** Octokit with a token. */
  api(token: string): Octokit;
  /** Octokit as the App itself. */
  appApi(): Octokit;
  /** A new installation token. */
  botToken(narrowed?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Webhooks of a kind, `event.action` or `event`, once all have arrived. */
  webhooks(kind: string): Promise<readonly ReceivedWebhook[]>;
  close(): Promise<void>;
}

/** `acme/widgets` with one commit, owned by `ada`, and an App installed on it that posts to a receiver. */
export async function openFixture(
  files: Readonly<Record<string, string>> = { 'README.md': 'hello\n' },
): Promise<Fixture> {
  const directory = await mkdtemp(join(tmpdir(), 'hub-test-'));
  const recordTo = process.env['HUB_RECORD_TO'];
  const hub = await startHub({ directory: join(directory, 'hub'), ...(recordTo ? { recordTo } : {}) });
  const receiver = await openReceiver();
  const owner = hub.admin.createUser({ login: 'ada' });
  const repository = await hub.admin.createRepository({ owner: 'ada', name: 'widgets', files });
  const app = hub.admin.createApp({
    name: 'Fixer',
    slug: 'fixer',
    webhookUrl: receiver.url,
    webhookSecret,
    permissions: botPermissions,
    events: botEvents,
  });
  const { installationId } = hub.admin.install(app.id, 'ada', ['widgets']);
  const api = (token: string) => new Octokit({ auth: token, baseUrl: `${hub.url}/api/v3`, log: silent });
  const appApi = () => api(signJwt(app));
  return {
    hub,
    directory,
    receiver,
    app,
    installationId,
    owner,
    repository,
    api,
    appApi,
    botToken: async (narrowed = {}) => {
      const answer = await appApi().request('POST /app/installations/{installation_id}/access_tokens', {
        installation_id: installationId,
        ...narrowed,
      });
      return answer.data.token;
    },
    webhooks: async (kind) => {
      await hub.admin.deliveriesIdle();
      const [event, action] = kind.split('.');
      return receiver.received.filter(
        (one) => one.event === event && (action === undefined || one.payload['action'] === action),
      );
    },
    close: async () => {
      await hub.close();
      await receiver.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** An App JWT; `lifeSeconds` counts from now. */
export function signJwt(app: CreatedApp, lifeSeconds = 300, key = app.privateKey): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ iss: app.id, iat: now - 30, exp: now + lifeSeconds })}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key).toString('base64url')}`;
}

/** Runs real git with nothing of the machine's configuration; gives stdout, or rejects with stderr in the message. */
export async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execFileAsync('git', args, {
    cwd,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: '/nonexistent',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.test',
      GIT_COMMITTER_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@example.test',
    },
  });
  return stdout.trim();
}

/** The clone address with a token inside. */
export function withToken(cloneUrl: string, token: string): string {
  const url = new URL(cloneUrl);
  url.username = 'x-access-token';
  url.password = token;
  return url.href;
}

async function openReceiver(): Promise<Receiver> {
  const received: ReceivedWebhook[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const payload = JSON.parse(body) as Record<string, unknown>;
      received.push({
        event: String(request.headers['x-github-event']),
        headers: request.headers,
        body,
        payload,
      });
      response.writeHead(receiver.status).end('noted');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    received,
    status: 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}
