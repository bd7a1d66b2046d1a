import type { AgentOptions, AgentOutcome } from './agent-options.ts';
import { type AgentSession, openSession } from './agent-session.ts';
import { askModel, settleTurn } from './ask-model.ts';
import { executeCall } from './execute-call.ts';
import { type NextMove, nextMove } from './next-move.ts';
import { takeInWords } from './take-in-words.ts';
import { phaseMessage } from './task-message.ts';

/**
 * Works on one phase of a run until it ends: ask the model, run its calls, journal each step. The conversation is
 * one over all phases and rounds and only grows; it is rebuilt from the journal, so that a run goes on at the turn
 * where it died, and a phase that had ended returns its outcome again. Throws `lease-lost` or `run-cancelled` when
 * the lease's signal says so, and what the sandbox, the workspace and the journal throw; all else is an outcome.
 */
export async function runAgent(options: AgentOptions): Promise<AgentOutcome> {
  const session = await openSession(options);
  session.requireLease();
  await settleTurn(session);
  await settleWorkTree(session);
  for (;;) {
    const next = nextMove(session.state, contextOf(session));
    if (isTurnsEdge(next) && (await takeInWords(session))) continue;
    const move = await perform(session, next);
    session.requireLease();
    if (move?.kind !== 'stop') continue;
    const { state } = session;
    options.log.info('agent.stopped', { phase: options.phase, reason: move.reason, turns: state.turns });
    return {
      stopReason: move.reason,
      summary: move.summary,
      notDone: move.notDone,
      turns: state.turns,
      plan: state.plan,
      ...(move.breach ? { breach: move.breach } : {}),
    };
  }
}

/** Where people are heard: before a turn, and before what was said to be finished counts as finished. */
function isTurnsEdge(move: NextMove): boolean {
  return move.kind === 'ask' || (move.kind === 'stop' && move.reason === 'finished');
}

/** Carries a move out. A move that follows from it at once, a stop or a message, is carried out too. */
async function perform(session: AgentSession, move: NextMove): Promise<NextMove | undefined> {
  const { options, state } = session;
  if (move.kind === 'stop') return move;
  if (move.kind === 'ask') {
    const next = await askModel(session);
    return next && perform(session, next);
  }
  if (move.kind === 'open-phase') await openPhase(session);
  else if (move.kind === 'execute') await executeCall(session, move.call, move.position);
  else await session.say(move.text, move.purpose, `${move.purpose.type}:${options.phase}:${state.turns}`);
  return undefined;
}

function contextOf(session: AgentSession) {
  const { phase, round, limits } = session.options;
  return { phase, round, limits, elapsedMs: session.elapsedMs() };
}

async function openPhase(session: AgentSession): Promise<void> {
  const { run, task, phase, round } = session.options;
  const first = session.state.messages.length === 0;
  const text = phaseMessage({ run, task, phase, round, first });
  await session.say(text, { type: 'phase', phase, round }, `phase:${phase}:${round}`);
}

/** Makes the files equal to the last checkpoint whose call has returned; the first time, makes that checkpoint. */
async function settleWorkTree(session: AgentSession): Promise<void> {
  const { options, state } = session;
  const { workspace } = options;
  if (workspace === null) return;
  if (state.tree !== null) {
    await workspace.restore(options.sandbox, state.tree);
    return;
  }
  const treeId = await workspace.checkpoint(options.sandbox);
  await session.append({ kind: 'checkpoint.made', turn: 0, treeId }, 'checkpoint:start');
}
