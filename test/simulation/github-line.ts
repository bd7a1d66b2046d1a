import { AppError } from '../../src/domain/app-error.ts';
import type { RateBucket } from '../../src/domain/rate-bucket.ts';
import { type MemoryDatabase } from './memory-database.ts';
import { rateRow } from './memory-rates.ts';
import { currentProcess } from './scheduler.ts';
import type { SimulatedGithub } from './simulated-github.ts';
import { network, seam } from './simulation.ts';

/** How one process talks to GitHub: requests travel, get lost before or after they are applied, and are refused. */
export interface GithubLine {
  read<T>(hub: SimulatedGithub, name: string, look: () => T): Promise<T>;
  write<T>(hub: SimulatedGithub, name: string, act: () => T): Promise<T>;
}

export function githubLine(database: MemoryDatabase, rates: RateBucket): GithubLine {
  const exchange = async <T>(hub: SimulatedGithub, name: string, act: () => T): Promise<T> => {
    const { scheduler, random, faults } = database.simulation;
    leaves(database, hub, name);
    const limited = faults.fires('github.limited');
    const lost = !limited && faults.fires('github.lost');
    // From here on it is on its way, whatever becomes of the process.
    await scheduler.wait(network, `${hub.name} ${name}`, random.between(10, 200));
    let result: { readonly value: T } | AppError;
    if (limited) result = new AppError('github-rate-limited', 'secondary limit', { retryAfterMs: 60_000 });
    else if (lost) result = new AppError('github-unavailable', 'no answer');
    else result = outcomeOf(act);
    await scheduler.wait(currentProcess(), `${name} answered`, random.between(10, 100));
    await seam(database.simulation, `${name} answered`);
    if (limited) await rates.report(hub.installationId, { limited: true, pauseMs: 60_000, lowMs: null });
    if (!limited && faults.fires('github.unanswered'))
      throw new AppError('github-unavailable', 'the answer got lost');
    if (result instanceof AppError) throw result;
    return result.value;
  };
  return {
    async read(hub, name, look) {
      await seam(database.simulation, name);
      await rates.ready(hub.installationId);
      return await exchange(hub, name, look);
    },
    async write(hub, name, act) {
      hub.writes.push({ leftMs: database.simulation.scheduler.nowMs, name });
      return await exchange(hub, name, act);
    },
  };
}

/** The bucket knows of a pause since the answer that asked for it was reported: nothing may leave before it ends. */
function leaves(database: MemoryDatabase, hub: SimulatedGithub, name: string): void {
  const { nowMs } = database.simulation.scheduler;
  if (rateRow(database, hub.installationId).pausedUntilMs > nowMs)
    hub.tooEarly.push(`${name} by ${currentProcess().name}`);
}

function outcomeOf<T>(act: () => T): { readonly value: T } | AppError {
  try {
    return { value: act() };
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}
