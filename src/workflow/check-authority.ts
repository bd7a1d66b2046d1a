import { betweenCrashPoints } from '../domain/crash-point.ts';
import { writingRoles } from '../domain/repository.ts';
import { addressOf } from './address.ts';
import type { RunContext } from './run-context.ts';
import { refuse, type StepOutcome } from './step.ts';

/**
 * Whoever asked may have lost the right to write while the run was working. A person's role is asked of GitHub again,
 * by id: a login may have been renamed and taken over. An App has no role; it must still be listed.
 */
export async function checkAuthority(context: RunContext): Promise<StepOutcome | undefined> {
  const { run, ports } = context;
  const { login, id, type } = run.requestedBy;
  const nothing = run.trigger === 'review' ? 'no review was published' : 'nothing was pushed';
  if (type === 'Bot') {
    if (run.requestedByApp !== undefined && ports.trustedAppIds.includes(run.requestedByApp))
      return undefined;
    return refuse(`The App ${login} asked for this run and is not trusted any more, so ${nothing}.`);
  }
  const role = await betweenCrashPoints('role.read', () => ports.reader.roleOf(addressOf(run), login, id));
  if (writingRoles.has(role)) return undefined;
  return refuse(
    `@${login} asked for this run and no longer has write access (role: ${role}), so ${nothing}.`,
  );
}
