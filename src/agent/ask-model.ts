import { budgetOwners } from '../domain/budgets.ts';
import { betweenCrashPoints } from '../domain/crash-point.ts';
import type { ModelChain, ModelFailure, ModelRequest, Usage } from '../domain/model.ts';
import type { BudgetStanding, Spend, SpendCap } from '../domain/spend.ts';
import type { AgentSession } from './agent-session.ts';
import { tokensOf } from './compaction.ts';
import { kitOf } from './kit.ts';
import { compactNow, type NextMove, stop } from './next-move.ts';
import { normaliseAnswer } from './normalise-answer.ts';

const maxOutputTokens = 16_000;
const nothing: Spend = { usd: 0, tokens: 0 };

/**
 * One turn: reserve, ask, journal, settle. Returns the move that a failure asks for; undefined when the answer is in
 * the journal. The reservation's key is the turn, so that a crash between asking and journaling charges once.
 */
export async function askModel(session: AgentSession): Promise<NextMove | undefined> {
  const { options, state } = session;
  const turn = state.turns + 1;
  const key = `turn:${turn}`;
  const reserved = estimate(session);
  const reservation = await options.spend.reserve(options.lease, key, reserved, capOf(session));
  if (reservation !== 'reserved')
    return { ...stop(state, 'budget', exhaustedText(reservation)), breach: reservation };

  const { answer, provider } = await betweenCrashPoints('model.call', () =>
    options.chain.complete(requestOf(session), async (model, failure) => {
      const { code, message } = failure;
      await session.append({ kind: 'model.failed', turn, model, failure: code, message });
    }),
  );
  session.requireLease();
  if (answer.kind === 'failure') {
    if (!mayHaveCost(answer)) await options.spend.settle(options.lease, key, nothing);
    return afterFailure(session, answer);
  }
  const costUsd = answer.usage.reported ? provider.costUsd(answer.usage) : null;
  await session.append(
    {
      kind: 'turn.answered',
      turn,
      message: normaliseAnswer(answer.message, turn, state.callIds),
      usage: answer.usage,
      model: answer.model.slice(0, 200) || provider.name,
      costUsd,
      stopReason: answer.stopReason,
    },
    key,
  );
  await settleTurn(session);
  return undefined;
}

/**
 * Replaces the reservation of the newest answer by what it used; done again at every start, because a crash may have
 * come between the answer and its settlement. Without a usage from the provider the reservation stays charged.
 */
export async function settleTurn(session: AgentSession): Promise<void> {
  const { spent } = session.state;
  if (!spent?.usage.reported) return;
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = spent.usage;
  const tokens = inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens;
  const { lease, spend } = session.options;
  await spend.settle(lease, `turn:${spent.turn}`, { usd: spent.costUsd ?? 0, tokens });
}

function requestOf(session: AgentSession): ModelRequest {
  const { options, state } = session;
  const leftMs = Math.max(1, Math.ceil(options.limits.wallClockMs - session.elapsedMs()));
  const { system, tools } = kitOf(options.phase);
  return {
    system,
    messages: state.messages,
    tools: tools.map((tool) => tool.spec),
    maxOutputTokens,
    signal: AbortSignal.any([options.lease.signal, AbortSignal.timeout(leftMs)]),
  };
}

/** The dearest that this turn can become: nothing cached, the longest answer. */
function estimate(session: AgentSession): Spend {
  const usage: Usage = {
    inputTokens: tokensOf(session.state.chars + kitOf(session.options.phase).chars),
    outputTokens: maxOutputTokens,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    reported: false,
  };
  const usd = session.options.chain.costUsd?.(usage) ?? 0;
  return { usd, tokens: usage.inputTokens + usage.outputTokens };
}

/** The token cap stands in where a price is not known. */
function capOf(session: AgentSession): SpendCap {
  const { budget, tokensMax } = session.options.limits;
  return { ...budget(), tokens: isPriced(session.options.chain) ? Number.MAX_SAFE_INTEGER : tokensMax };
}

/** Whether the price of every model of the chain is known. */
export function isPriced(chain: ModelChain): boolean {
  const zero = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, reported: true };
  return typeof chain.costUsd?.(zero) === 'number';
}

function exhaustedText({ budget, limit }: BudgetStanding): string {
  return budget === 'tokens'
    ? `The cap of ${limit} tokens does not cover another turn (the model's price is not known).`
    : `The budget of ${budgetOwners[budget]}, $${limit}, does not cover another turn.`;
}

/** A stream that broke may be billed; the reservation then stays, under the key that the next try uses again. */
function mayHaveCost(failure: ModelFailure): boolean {
  return failure.code === 'cut-off' || failure.code === 'aborted';
}

function afterFailure(session: AgentSession, failure: ModelFailure): NextMove {
  const { state, options } = session;
  if (failure.code === 'aborted')
    return stop(state, 'time-limit', 'The time limit was reached during a turn.');
  if (failure.code === 'context-overflow') {
    const tokens = Math.min(
      options.limits.contextTokensMax ?? Number.POSITIVE_INFINITY,
      tokensOf(state.chars),
    );
    const move = state.compactedSinceAnswer ? undefined : compactNow(state, tokens);
    return (
      move ??
      stop(state, 'model-unavailable', `The conversation no longer fits the model: ${failure.message}`)
    );
  }
  return failure.retryable
    ? stop(state, 'model-unavailable', `No model answers: ${failure.message}`)
    : stop(
        state,
        'model-misconfigured',
        `The model refused the request: ${failure.code}, ${failure.message}`,
      );
}
