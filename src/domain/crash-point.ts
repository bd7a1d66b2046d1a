import type { CrashPointName, CrashStep } from './crash-points.ts';

/** `what`: which of the many that pass this seam; the key of a journal entry or of an effect. */
type Hook = (name: CrashPointName, what?: string) => Promise<void> | void;

let hook: Hook | undefined;

/** A named seam at which the crash suite ends or stops the process. One undefined check in production. */
export async function crashPoint(name: CrashPointName, what?: string): Promise<void> {
  if (hook) await hook(name, what);
}

/** Work with a seam just before and one just after it; the second only where it succeeded. */
export async function betweenCrashPoints<T>(
  step: CrashStep,
  work: () => Promise<T>,
  what?: string,
): Promise<T> {
  if (!hook) return await work();
  await hook(`${step}.before`, what);
  const result = await work();
  await hook(`${step}.after`, what);
  return result;
}

/** Installs the hook of the crash suite; `undefined` removes it. Tests only. */
export function setCrashHook(next: Hook | undefined): void {
  hook = next;
}
