import type { AgentOptions, AgentOutcome } from '../agent/agent-options.ts';
import { runAgent } from '../agent/run-agent.ts';
import { AppError } from '../domain/app-error.ts';
import { agentTask } from './agent-task.ts';
import { budgetOf } from './budget-of.ts';
import { openWorkspace } from './open-workspace.ts';
import { peopleOf } from './people-of.ts';
import { prepareWorkspace } from './prepare-workspace.ts';
import type { RunContext } from './run-context.ts';

/** One phase of the model's work: planning, or implementing in a round. */
export async function runAgentPhase(
  context: RunContext,
  phase: { readonly phase: 'plan' | 'implement'; readonly round: number; readonly feedback: string },
): Promise<AgentOutcome> {
  const shared = sharedOptions(context);
  const workspace = await openWorkspace(context);
  const sandbox = await prepareWorkspace(context, workspace);
  try {
    return await runAgent({
      ...shared,
      sandbox,
      workspace,
      phase: phase.phase,
      round: phase.round,
      task: await agentTask(context, phase.feedback),
    });
  } finally {
    await sandbox.close();
  }
}

/** What every phase of a run's model has in common. */
export function sharedOptions(
  context: RunContext,
): Omit<AgentOptions, 'sandbox' | 'workspace' | 'phase' | 'round' | 'task'> {
  const { ports, run, lease } = context;
  const { chain, journal, blobs, spend, clock, log } = ports;
  if (!chain) throw new AppError('internal', 'no model chain');
  const { turnsMax, wallClockMs, tokensMax, commandTimeoutMs } = ports.limits;
  const limits = { turnsMax, wallClockMs, tokensMax, commandTimeoutMs, budget: () => budgetOf(context) };
  return { run, lease, chain, journal, blobs, spend, clock, log, people: peopleOf(context), limits };
}
