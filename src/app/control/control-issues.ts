import { z } from 'zod';
import { AppError, isAppError } from '../../domain/app-error.ts';
import type { Clock } from '../../domain/clock.ts';
import type { ControlPort } from '../../domain/control-issue.ts';
import type { Delivery } from '../../domain/delivery.ts';
import type { RepositoryAddress } from '../../domain/forge.ts';
import type { KnownRepository } from '../../domain/known-repository.ts';
import type { Store } from '../../store/open-store.ts';
import { installedIn, onboardingPlace } from '../onboarding.ts';
import { type Periodic, startPeriodic } from '../periodic.ts';
import { type Shown, type ShowOptions, showControlIssue } from './show-control-issue.ts';

const pollMs = 1_000;
/** Between two looks at one that changed: a run that starts and waits at once is shown once. */
const gapMsDefault = 10_000;
/** Another look that is under way is waited for this long. */
const busyMsMax = 30_000;
const busyPollMs = 250;

export interface ControlOptions extends ShowOptions {
  readonly store: Pick<Store, 'runs' | 'journal' | 'inbox' | 'controls' | 'repositories'>;
  readonly clock: Clock;
}

/** What triggers hold. */
export function createControlPort(options: ControlOptions): ControlPort {
  const { controls } = options.store;
  return {
    get: (repositoryId) => controls.get(repositoryId),
    take: (at, heard) => controls.take(at.repositoryId, heard),
    async show(at) {
      for (let waitedMs = 0; (await show(options, at)) === 'busy'; waitedMs += busyPollMs) {
        if (waitedMs >= busyMsMax)
          throw new AppError(
            'github-unavailable',
            'another worker has been writing the control issue for long',
          );
        await options.clock.sleep(busyPollMs);
      }
    },
  };
}

/** What is final (no permission, no issues here) is the operator's to read, and no reason to try again. */
async function show(options: ControlOptions, at: RepositoryAddress): Promise<Shown> {
  try {
    return await showControlIssue(options, at);
  } catch (error) {
    if (isAppError(error, 'lease-lost')) return 'busy';
    if (!isAppError(error) || error.disposition === 'retry') throw error;
    options.log.warn('control-issue.refused', { repositoryId: at.repositoryId, code: error.code });
    return 'none';
  }
}

/** Shows anew what changed, soon; and looks at every repository now and then, for whoever turned it on unannounced. */
export function startControlIssues(
  options: ControlOptions & { readonly gapMs?: number; readonly sweepMs: number },
): readonly Periodic[] {
  const { store, clock, log, gapMs = gapMsDefault, sweepMs } = options;
  const changed = async (): Promise<void> => {
    for (const repository of await store.controls.due(gapMs)) await showOne(options, repository);
  };
  return [
    startPeriodic({ name: 'control-issues', everyMs: pollMs, work: changed, clock, log }),
    startPeriodic({
      name: 'control-issues.sweep',
      everyMs: sweepMs,
      work: (signal) => sweep(options, signal),
      clock,
      log,
    }),
  ];
}

const pageSize = 200;
const sweepGapMs = 500;

async function sweep(options: ControlOptions, signal: AbortSignal): Promise<void> {
  let after = 0;
  for (;;) {
    const page = await options.store.repositories.list(after, pageSize);
    for (const repository of page) {
      if (signal.aborted) return;
      await showOne(options, repository);
      await options.clock.sleep(sweepGapMs, signal);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = last.id;
  }
}

/** One that cannot be read does not keep the others waiting. */
async function showOne(
  options: ControlOptions,
  { id: repositoryId, installationId, owner, name }: Omit<KnownRepository, 'seenAt'>,
): Promise<void> {
  try {
    await show(options, { installationId, repositoryId, owner, name });
  } catch (error) {
    options.log.warn('control-issue.failed', { repositoryId, cause: String(error) });
  }
}

const repository = z.object({
  id: z.number().int(),
  full_name: z.string(),
  default_branch: z.string(),
});
const commit = z.object({
  added: z.array(z.string()),
  modified: z.array(z.string()),
  removed: z.array(z.string()),
});
const shapes = {
  installation: z.object({ id: z.number().int() }),
  push: z.object({ ref: z.string(), commits: z.array(commit) }),
  issue: z.object({ issue: z.object({ number: z.number().int() }) }),
};
const place = z.object({ installation: shapes.installation, repository });
const issueActions = new Set(['reopened', 'deleted', 'transferred']);

/** Of one installation more are left to the sweep. */
const installedMax = 30;

/**
 * An installation, a push that changes what the repository asks for, and what people do to the issue itself; all else
 * passes by.
 */
export async function hearOfControlIssue(options: ControlOptions, delivery: Delivery): Promise<void> {
  const port = createControlPort(options);
  for (const at of installedIn(delivery).slice(0, installedMax)) await port.show(at);
  const { event, action, payload } = delivery;
  const { data } = place.safeParse(payload);
  if (!data) return;
  const { id: repositoryId, full_name: fullName, default_branch: branch } = data.repository;
  const isMeant =
    (event === 'push' && changesConfig(payload, branch)) ||
    (event === 'issues' && issueActions.has(action ?? '') && (await isKept(options, repositoryId, payload)));
  if (!isMeant) return;
  const [owner = '', name = ''] = fullName.split('/');
  await port.show({ installationId: data.installation.id, repositoryId, owner, name });
}

function changesConfig(payload: unknown, branch: string): boolean {
  const { data } = shapes.push.safeParse(payload);
  if (data?.ref !== `refs/heads/${branch}`) return false;
  return data.commits.some(({ added, modified, removed }) =>
    [...added, ...modified, ...removed].includes(onboardingPlace.path),
  );
}

async function isKept({ store }: ControlOptions, repositoryId: number, payload: unknown): Promise<boolean> {
  const { data } = shapes.issue.safeParse(payload);
  return data !== undefined && (await store.controls.get(repositoryId))?.number === data.issue.number;
}
