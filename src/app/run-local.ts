import { createHash } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Settings } from '../config/read-settings.ts';
import { AppError } from '../domain/app-error.ts';
import type { BranchPusher } from '../domain/effect.ts';
import type { Logger } from '../domain/logger.ts';
import type { Actor, RepositoryRef } from '../domain/repository.ts';
import type { NewRun, RunState } from '../domain/run.ts';
import { sanitise } from '../text/sanitise.ts';
import { branchName } from '../triggers/branch-name.ts';
import type { WorkflowLimits } from '../workflow/ports.ts';
import { compose } from './compose.ts';
import { openLocalDatabase } from './local-database.ts';
import { createLocalForge, type LocalForge } from './local-forge.ts';
import { localRepository } from './local-repository.ts';
import { newRunId } from './new-run-id.ts';
import type { JournalListener } from './observed-journal.ts';

export interface LocalRunOptions {
  readonly repositoryPath: string;
  readonly issue: { readonly title: string; readonly body: string };
  /** Runs everything and pushes nothing. */
  readonly dryRun: boolean;
  readonly settings: Settings;
  readonly log: Logger;
  readonly onJournal?: JournalListener;
  readonly limits?: Partial<WorkflowLimits>;
  /** Stops the run: it ends as cancelled. */
  readonly signal?: AbortSignal;
}

export interface LocalRunResult {
  readonly state: RunState;
  readonly summary: string;
  /** Null when nothing was published. */
  readonly branch: string | null;
  readonly pullRequestBody: string | null;
  /** What the tracking comment would say; it has the reasons of a refusal. */
  readonly report: string;
}

/** The whole workflow on a local repository, without GitHub: it ends with a branch and the pull request's text. */
export async function runLocal(options: LocalRunOptions): Promise<LocalRunResult> {
  const repository = localRepository(options.repositoryPath);
  if (options.issue.title === '')
    throw new AppError('config-invalid', 'the issue is empty: write a title and what is wrong');
  const person = localPerson();
  const run = localRun(repository, person, options.issue);
  const forge = createLocalForge(repository, person);
  const database = await openLocalDatabase(options.settings, run.id, options.log);
  try {
    return await execute(options, { run, forge, person, databaseUrl: database.url });
  } finally {
    await database.close();
  }
}

async function execute(
  options: LocalRunOptions,
  local: {
    readonly run: NewRun;
    readonly forge: LocalForge;
    readonly person: Actor;
    readonly databaseUrl: string;
  },
): Promise<LocalRunResult> {
  const { run, forge, person } = local;
  const composition = await compose({
    ...options,
    databaseUrl: local.databaseUrl,
    worker: `local:${process.pid}`,
    forge: { reader: forge.reader, writer: forge.writer, tokens: null },
    botLogin: person.login,
    committer: { name: 'Pullwright', email: 'pullwright@localhost' },
    noreplyHost: 'localhost',
    localMode: true,
    writeIntervalMs: 0,
    ...(options.dryRun ? { pusher: dryPusher } : {}),
  });
  const { store } = composition;
  const cancel = (): void => void store.runs.requestCancel(run.id, 'interrupted at the keyboard');
  options.signal?.addEventListener('abort', cancel, { once: true });
  try {
    await store.runs.create(run);
    await workUntilEnded(composition, run);
    return await resultOf(composition, run, forge, options.dryRun);
  } finally {
    options.signal?.removeEventListener('abort', cancel);
    await composition.close();
  }
}

type LocalComposition = Awaited<ReturnType<typeof compose>>;

async function workUntilEnded(composition: LocalComposition, run: NewRun): Promise<void> {
  const { store } = composition;
  const never = new AbortController().signal;
  for (;;) {
    const claimed = await store.queue.claim();
    if (claimed) await composition.execute(claimed);
    else await store.queue.waitForWork(1_000, never);
    const now = await store.runs.get(run.id);
    if (!now || now.endedAt !== null) return;
  }
}

async function resultOf(
  { store }: LocalComposition,
  run: NewRun,
  forge: LocalForge,
  dryRun: boolean,
): Promise<LocalRunResult> {
  const entries = await store.journal.read(run.id);
  const ended = entries.map(({ event }) => event).find((event) => event.kind === 'run.ended');
  const pull = forge.pull();
  return {
    state: ended?.state ?? 'failed',
    summary: ended?.end.summary ?? '',
    branch: pull === undefined || dryRun ? null : pull.head,
    pullRequestBody: pull?.body ?? null,
    report: forge.comment(),
  };
}

const dryPusher: BranchPusher = { push: async () => undefined, remoteTip: async () => null };

export function localPerson(): Actor {
  const { username, uid } = userInfo();
  return { id: Math.max(uid, 0), login: username.replaceAll(/[^\w-]/g, '-'), type: 'User' };
}

export function localRun(repository: RepositoryRef, person: Actor, issue: LocalRunOptions['issue']): NewRun {
  const id = newRunId();
  const title = sanitise(issue.title, 'title');
  const body = sanitise(issue.body, 'body');
  return {
    id,
    installationId: 0,
    repository,
    target: { kind: 'issue', number: 1, htmlUrl: repository.htmlUrl },
    branches: { base: repository.defaultBranch, head: branchName(1, issue.title), headSha: null },
    input: {
      title: title.text,
      body: body.text,
      instruction: null,
      author: person,
      sha256: createHash('sha256').update(`${title.text}\n${body.text}`).digest('hex'),
      dropped: [...title.dropped, ...body.dropped],
    },
    requestedBy: person,
    requestedByRole: 'admin',
    trigger: 'local',
    triggerKey: `local:${id}`,
    deliveryGuid: null,
    trackingIssue: 1,
    commentId: null,
  };
}
