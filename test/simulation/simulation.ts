import { AppError } from '../../src/domain/app-error.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { FaultPlan } from './faults.ts';
import { currentProcess, type Scheduler, type SimulatedProcess } from './scheduler.ts';
import type { SeededRandom } from './seeded-random.ts';

/** What switched-off guards make of the simulation: the negative controls. */
export type Weakness = 'none' | 'unfenced' | 'never-adopts' | 'no-unique-keys';

/** What all parts of one simulated world share. */
export interface Simulation {
  readonly seed: number;
  readonly random: SeededRandom;
  readonly scheduler: Scheduler;
  readonly faults: FaultPlan;
  readonly weakness: Weakness;
  readonly leaseMs: number;
  /** Called when a process dies, so that another one is started in its place. */
  onCrash(process: SimulatedProcess): void;
}

/** The network and GitHub go on whatever dies here. */
export const network: SimulatedProcess = { name: 'network', alive: true, pausedUntilMs: 0, skewMs: 0 };

/** A new one each time: what waits for it is garbage then. */
const never = (): Promise<never> => new Promise(() => undefined);

/** A seam: the process may die or stop here. */
export async function seam(simulation: Simulation, name: string): Promise<void> {
  const process = currentProcess();
  if (!process.alive) return await never();
  if (process === network) return;
  const { faults, scheduler, random, leaseMs } = simulation;
  if (faults.fires('process.crash')) {
    scheduler.note(`${process.name} dies at ${name}`);
    process.alive = false;
    simulation.onCrash(process);
    return await never();
  }
  if (faults.fires('process.pause')) {
    scheduler.note(`${process.name} stops at ${name}`);
    process.pausedUntilMs = scheduler.nowMs + random.between(leaseMs / 4, leaseMs * 3);
    await scheduler.wait(process, 'wakes up', 0);
  }
}

/** One transaction: another process can come before it and after it, and never into it. */
export async function transact<T>(simulation: Simulation, name: string, commit: () => T): Promise<T> {
  const { scheduler, random, faults } = simulation;
  await seam(simulation, name);
  await scheduler.wait(currentProcess(), name, random.between(1, 8));
  if (faults.fires('database.lost')) throw away(name);
  const result = commit();
  await seam(simulation, `${name} committed`);
  await scheduler.wait(currentProcess(), `${name} committed`, random.between(0, 3));
  if (faults.fires('database.unanswered')) throw away(name);
  return result;
}

function away(name: string): AppError {
  return new AppError('postgres-unavailable', `the connection broke at ${name}`);
}

/** The clock of the process that asks; its wall clock may be wrong. */
export function simulatedClock({ scheduler }: Simulation): Clock {
  return {
    now: () => new Date(scheduler.nowMs + currentProcess().skewMs),
    monotonicMs: () => scheduler.nowMs,
    sleep: (ms, signal) => sleep(scheduler, ms, signal),
  };
}

/** Ends at once when the signal aborts, as a timer does. */
export async function sleep(scheduler: Scheduler, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return;
  const process = currentProcess();
  await new Promise<void>((resolve) => {
    const wake = (): void => {
      signal?.removeEventListener('abort', stop);
      resolve();
    };
    const stop = (): void => scheduler.at(process, 'sleep aborted', { dueMs: scheduler.nowMs, resume: wake });
    signal?.addEventListener('abort', stop, { once: true });
    scheduler.at(process, 'sleep', { dueMs: scheduler.nowMs + ms, resume: wake });
  });
}
