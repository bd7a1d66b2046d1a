import { betweenCrashPoints } from '../domain/crash-point.ts';
import type { Actor, Role } from '../domain/repository.ts';
import { addressOf } from './address.ts';
import type { RunContext } from './run-context.ts';

/** What somebody who approved may do now: asked of GitHub again before the approval counts. */
export async function approverRole(
  { run, ports }: RunContext,
  { login, id }: Pick<Actor, 'login' | 'id'>,
): Promise<Role> {
  return await betweenCrashPoints('approver.read', () => ports.reader.roleOf(addressOf(run), login, id));
}
