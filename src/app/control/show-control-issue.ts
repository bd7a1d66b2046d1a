import { isAppError } from '../../domain/app-error.ts';
import type { ClaimedControlIssue, ControlIssue } from '../../domain/control-issue.ts';
import type { ForgeReader, RepositoryAddress } from '../../domain/forge.ts';
import type { PublishableText } from '../../domain/ids.ts';
import type { Logger } from '../../domain/logger.ts';
import { type ControlIssues, markedControl, type StandingIssue } from '../../effects/control-issues.ts';
import { renderControlIssue, renderControlOff, saysTheSame } from '../../record/render-control-issue.ts';
import { boxesIn, tickedBoxes } from '../../text/boxes.ts';
import type { RepositoryConfig } from '../../workflow/ports.ts';
import { onboardingPlace } from '../onboarding.ts';
import { readRepositoryConfig } from '../repository-config.ts';
import { readControlView, type ViewPorts } from './read-control-view.ts';
import type { TickWatch } from './watch-ticks.ts';

/** For how long the words about ticks that were not taken stand there. */
const missedMs = 24 * 60 * 60_000;

export interface ShowOptions extends ViewPorts {
  readonly reader: Pick<ForgeReader, 'file' | 'repository'>;
  readonly issues: ControlIssues;
  readonly ticks: TickWatch;
  readonly log: Logger;
}

/**
 * What came of a look. `none`: the repository wants none. `waits`: a tick stands there whose delivery may still come.
 * `busy`: another look is under way. `closed`: a person closed it.
 */
export type Shown = 'none' | 'written' | 'same' | 'waits' | 'busy' | 'closed';

/** Reads whether the default branch asks for a control issue, and has it show how things stand. */
export async function showControlIssue(options: ShowOptions, at: RepositoryAddress): Promise<Shown> {
  const { store, reader } = options;
  const { repositoryId } = at;
  const kept = await store.controls.get(repositoryId);
  const { config } = readRepositoryConfig((await reader.file(at, onboardingPlace.path, 'HEAD')) ?? '');
  // A file that is not valid says neither yes nor no.
  const isWanted = config === null ? kept !== undefined : config.controlIssue === true;
  if (!isWanted) return kept ? await holding(options, repositoryId, turnOff) : 'none';
  const repository = await reader.repository(at);
  if (!repository || repository.archived || !repository.hasIssues) return 'none';
  await store.controls.enable({
    id: repositoryId,
    installationId: at.installationId,
    owner: at.owner,
    name: at.name,
  });
  return await holding(options, repositoryId, (held, control) => bringUpToDate(held, control, config ?? {}));
}

type Work = (options: ShowOptions, control: ClaimedControlIssue) => Promise<Shown>;

/** One look at a time, over all processes. What fails for good is not tried again before something changes. */
async function holding(options: ShowOptions, repositoryId: number, work: Work): Promise<Shown> {
  const { controls } = options.store;
  const control = await controls.claim(repositoryId);
  if (!control) return 'busy';
  const { shape } = control;
  let isDone = false;
  try {
    const shown = await work(options, control);
    isDone = shown !== 'waits';
    return shown;
  } catch (error) {
    isDone = isAppError(error) && error.disposition !== 'retry';
    throw error;
  } finally {
    await controls.release(control, isDone ? shape : null);
  }
}

async function bringUpToDate(
  options: ShowOptions,
  control: ClaimedControlIssue,
  config: Pick<RepositoryConfig, 'budgetUsd' | 'budgets'>,
): Promise<Shown> {
  const standing = await options.issues.read(control);
  if (standing.kind === 'closed') return 'closed';
  const ticks = await readTicks(options, control, standing);
  if (ticks === 'waits') return 'waits';
  const { missed } = ticks;
  const view = await readControlView(options, { ...control, missed }, config);
  const body = markedControl(renderControlIssue(view), control.repository.id);
  return await put(options, { control, standing, body, ...ticks });
}

interface Putting extends Ticks {
  readonly control: ClaimedControlIssue;
  readonly standing: StandingIssue;
  readonly body: PublishableText;
}

async function put(options: ShowOptions, wanted: Putting): Promise<Shown> {
  const { control, standing, body, taken, missed, missedUntil } = wanted;
  const { issues, log } = options;
  if (standing.kind === 'open' && saysTheSame(standing.body, body)) {
    await issues.adopt(control, standing.number, { body, taken, missed, missedUntil });
    return 'same';
  }
  await issues.write(control, standing, { body, taken, missed, missedUntil });
  const boxes = boxesIn(body).size;
  log.info('control-issue.written', { repositoryId: control.repository.id, boxes, was: standing.kind });
  return 'written';
}

/** What is known of ticks as the issue is written. */
type Ticks = Pick<ControlIssue, 'taken' | 'missed' | 'missedUntil'>;

/** Ticks that stand there and were not heard of must not be overwritten while their delivery may come. */
async function readTicks(
  { ticks, store, log }: ShowOptions,
  control: ControlIssue,
  standing: StandingIssue,
): Promise<Ticks | 'waits'> {
  // Heard of meanwhile: what was claimed may be older than a tick that came since.
  const taken = (await store.controls.get(control.repository.id))?.taken ?? control.taken;
  if (standing.kind !== 'open') return { taken, missed: [], missedUntil: null };
  const open = [...tickedBoxes(standing.body)].filter((id) => !taken.includes(id));
  if (open.length === 0) return { taken, ...keptMissed({ ...control, taken }, standing.updatedAt) };
  if ((await ticks.judge({ ...control, number: standing.number }, open)) === 'later') return 'waits';
  log.warn('control-issue.ticks-missed', { repositoryId: control.repository.id, ticks: open.length });
  return { taken, missed: open, missedUntil: standing.updatedAt };
}

/** Until the next tick that is heard of, for a day at most. */
function keptMissed({ missed, missedUntil, taken }: Ticks, now: Date): Omit<Ticks, 'taken'> {
  const isKept =
    missedUntil !== null && now.getTime() - missedUntil.getTime() < missedMs && taken.length === 0;
  return isKept ? { missed, missedUntil } : { missed: [], missedUntil: null };
}

async function turnOff(options: ShowOptions, control: ClaimedControlIssue): Promise<Shown> {
  const standing = await options.issues.read(control);
  const body = markedControl(renderControlOff(), control.repository.id);
  if (standing.kind === 'open')
    await put(options, { control, standing, body, taken: [], missed: [], missedUntil: null });
  await options.store.controls.disable(control.repository.id);
  return 'none';
}
