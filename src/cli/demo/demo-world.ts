import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAppLogger } from '../../app/app-logger.ts';
import { openLocalDatabase } from '../../app/local-database.ts';
import { newRunId } from '../../app/new-run-id.ts';
import { startBot } from '../../app/start-bot.ts';
import { parseSettings, type Settings } from '../../config/read-settings.ts';
import type { JournalEvent } from '../../domain/journal-event.ts';
import type { RunState } from '../../domain/run.ts';
import { type Hub, startHub } from '../../hub/start-hub.ts';
import type { ProgressPrinter } from '../progress-printer.ts';
import { appPermissions, readFolder } from './demo-files.ts';
import type { DemoInput } from './demo-input.ts';
import { fileIssue, labelIssue } from './person.ts';

const owner = 'mira';
const secret = 'a-demo-secret-that-is-long-enough';
const runMs = 60 * 60_000;

export interface DemoPull {
  readonly url: string;
  readonly branch: string;
  readonly cloneUrl: string;
  readonly body: string;
  readonly draft: boolean;
  readonly checks: readonly { readonly name: string; readonly conclusion: string | null }[];
}

export interface DemoWorld {
  readonly pages: { readonly issue: string };
  /** Files the issue, labels it, and waits until the run is over. */
  runIssue(): Promise<{ readonly state: RunState; readonly summary: string; readonly pull: DemoPull | null }>;
  /** Milliseconds by phase, so far. */
  phases(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export interface DemoOptions extends DemoInput {
  readonly settings: Settings;
  readonly port: number;
  readonly printer: ProgressPrinter;
}

/** A local GitHub with one person, one repository and the bot installed on it. What is up is taken down on failure. */
export async function openDemoWorld(options: DemoOptions): Promise<DemoWorld> {
  const up = new AsyncDisposableStack();
  try {
    return { ...(await setUp(options, up)), close: () => up.disposeAsync() };
  } catch (error) {
    await up.disposeAsync();
    throw error;
  }
}

async function setUp(options: DemoOptions, up: AsyncDisposableStack): Promise<Omit<DemoWorld, 'close'>> {
  const { printer, settings } = options;
  const phases: Record<string, number> = {};
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const startedMs = performance.now();
    const result = await work();
    phases[name] = Math.round(performance.now() - startedMs);
    return result;
  };
  const log = createAppLogger(settings.LOG_LEVEL === 'info' ? 'error' : settings.LOG_LEVEL);
  const directory = await mkdtemp(join(tmpdir(), 'pullwright-demo-'));
  up.defer(() => rm(directory, { recursive: true, force: true }));
  const hub = await timed('hub', () => startHub({ directory, port: options.port }));
  up.defer(() => hub.close());
  printer.line(`a local GitHub is up at ${hub.url}`);
  const database = await timed('database', () => openLocalDatabase(settings, newRunId(), log));
  up.defer(() => database.close());
  printer.line('PostgreSQL is up');
  const stage = await timed('repository', () => setStage(hub, options));
  const ended = Promise.withResolvers<Extract<JournalEvent, { kind: 'run.ended' }>>();
  const bot = await timed('bot', () =>
    startBot({
      settings: botSettings(settings, { hub, databaseUrl: database.url, app: stage.app }),
      log,
      onJournal: (_runId, event) => {
        printer.event(event);
        if (event.kind === 'step.finished')
          phases[`${event.step}${event.round > 1 ? event.round : ''}`] = event.durationMs;
        if (event.kind === 'run.ended') ended.resolve(event);
      },
      limits: { progressMs: 1_000 },
      writeIntervalMs: 0,
    }),
  );
  up.defer(() => bot.close());
  hub.admin.setWebhookUrl(stage.app.id, `${bot.url}/api/github/webhooks`);
  hub.admin.install(stage.app.id, owner, [stage.repository.fullName]);
  printer.line(`the bot is up at ${bot.url} and installed on ${stage.repository.fullName}`);
  return {
    pages: { issue: `${stage.repository.htmlUrl}/issues/1` },
    phases: () => phases,
    runIssue: async () =>
      await timed('label to end', async () => await runIssue({ hub, stage, options, ended: ended.promise })),
  };
}

type Stage = Awaited<ReturnType<typeof setStage>>;

async function setStage(hub: Hub, options: DemoOptions) {
  const person = hub.admin.createUser({ login: owner });
  const repository = await hub.admin.createRepository({
    owner,
    name: options.repositoryPath === null ? 'pager' : repositoryName(options.repositoryPath),
    ...(options.repositoryPath === null
      ? { files: readFolder(options.sampleFolder) }
      : { fromDirectory: options.repositoryPath }),
  });
  const { permissions, events } = appPermissions();
  const app = hub.admin.createApp({
    name: 'Pullwright',
    slug: 'pullwright',
    webhookSecret: secret,
    permissions,
    events,
  });
  return { person, repository, app };
}

function repositoryName(path: string): string {
  return (
    path
      .replace(/\/+$/, '')
      .split('/')
      .at(-1)
      ?.replaceAll(/[^\w.-]/g, '-') || 'repository'
  );
}

/** The person's own settings for models and limits; everything that names a place is the demo's. */
function botSettings(
  settings: Settings,
  at: { readonly hub: Hub; readonly databaseUrl: string; readonly app: Stage['app'] },
): Settings {
  const places = parseSettings({
    APP_ID: String(at.app.id),
    PRIVATE_KEY: at.app.privateKey,
    WEBHOOK_SECRET: secret,
    GHE_HOST: at.hub.host,
    GHE_PROTOCOL: 'http',
    PULLWRIGHT_HOME: settings.stateDir,
  });
  const { credentials, github, GHE_HOST, GHE_PROTOCOL } = places;
  const here = { HOST: '127.0.0.1', PORT: 0, DATABASE_URL: at.databaseUrl, WEBHOOK_PROXY_URL: undefined };
  const quiet = { ONBOARDING: 'off' } as const;
  return { ...settings, ...here, ...quiet, credentials, github, GHE_HOST, GHE_PROTOCOL };
}

async function runIssue(at: {
  readonly hub: Hub;
  readonly stage: Stage;
  readonly options: DemoOptions;
  readonly ended: Promise<Extract<JournalEvent, { kind: 'run.ended' }>>;
}) {
  const { hub, stage, options } = at;
  const by = { api: `${hub.url}/api/v3`, repository: stage.repository.fullName, token: stage.person.token };
  const number = await fileIssue(by, options.issue);
  options.printer.line(`@${owner} filed #${number}: ${options.issue.title}`);
  await labelIssue(by, number, options.settings.AGENT_LABEL);
  options.printer.line(`@${owner} put the label ${options.settings.AGENT_LABEL} on it`);
  const { state, end } = await at.ended;
  await hub.admin.waitFor(() => (trackingSaysEnd(hub, stage, number) ? true : undefined), runMs);
  return { state, summary: end.summary, pull: state === 'published' ? pullOf(hub, stage) : null };
}

/** The run's last write: afterwards the pages show everything. */
function trackingSaysEnd(hub: Hub, stage: Stage, number: number): boolean {
  const { comments } = hub.admin.issue(stage.repository.fullName, number);
  return comments.some(({ body }) => /^## (Done|Not done|Failed|Stopped)/m.test(body));
}

function pullOf(hub: Hub, stage: Stage): DemoPull | null {
  const repository = hub.admin.repository(stage.repository.fullName);
  const issue = repository.issues.findLast(({ pull }) => pull !== null);
  if (!issue?.pull) return null;
  const { headRef, headSha, draft } = issue.pull;
  const runs = repository.suites.flatMap((suite) => (suite.headSha === headSha ? suite.runs : []));
  return {
    url: `${stage.repository.htmlUrl}/pull/${issue.number}`,
    branch: headRef,
    cloneUrl: stage.repository.cloneUrl,
    body: issue.body ?? '',
    draft,
    checks: runs.map(({ name, conclusion }) => ({ name, conclusion })),
  };
}
