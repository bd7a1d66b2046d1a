import type { RunContext } from './run-context.ts';
import { refuse, type StepOutcome } from './step.ts';

const needed = ['contents', 'issues', 'pull_requests', 'checks'] as const;

/** Refuses before any work is done when what a pull request needs was not granted: it would fail at the very end. */
export async function checkPermissions(context: RunContext): Promise<StepOutcome | undefined> {
  const { run, ports } = context;
  if (!ports.permissions) return undefined;
  const writes = needed.filter((name) => name !== 'contents' || run.trigger !== 'review');
  const granted = await ports.permissions.granted(run.installationId);
  const missing = writes.filter((name) => granted[name] !== 'write' && granted[name] !== 'admin');
  if (missing.length === 0) return undefined;
  const list = missing.map((name) => `\`${name}: write\``).join(', ');
  return refuse(
    `A permission is missing that I need ${run.trigger === 'review' ? 'to review' : 'for a pull request'} here: ${list}. An owner of \`${run.repository.owner}\` ` +
      'grants it in the settings of the installed App (a permission that was added later waits there to be ' +
      'accepted); then start again.',
  );
}
