import type { AgentPhase, ContextPurpose } from '../domain/agent-phase.ts';
import type { ToolCallPart } from '../domain/model.ts';
import type { BudgetBreach } from '../domain/spend.ts';
import type { StopReason } from '../domain/stop-reason.ts';
import type { AgentLimits } from './agent-options.ts';
import { type AgentState, pendingCalls } from './agent-state.ts';
import { compactionPoint, tokensOf } from './compaction.ts';

/** What the loop does next. */
export type NextMove =
  | { readonly kind: 'open-phase' }
  | { readonly kind: 'execute'; readonly call: ToolCallPart; readonly position: number }
  | { readonly kind: 'say'; readonly purpose: ContextPurpose; readonly text: string }
  | { readonly kind: 'ask' }
  | {
      readonly kind: 'stop';
      readonly reason: StopReason;
      readonly summary: string;
      readonly notDone: string;
      readonly breach?: BudgetBreach;
    };

export interface MoveContext {
  readonly phase: AgentPhase;
  readonly round: number;
  readonly limits: AgentLimits;
  readonly elapsedMs: number;
}

const planTurnsMax = 15;
const malformedTurnsMax = 3;
const contextTokensDefault = 180_000;

/** Decides from the state alone, so that a resumed run goes on as the one that died would have. */
export function nextMove(state: AgentState, context: MoveContext): NextMove {
  const { phase, round, limits } = context;
  if (state.phase?.phase !== phase || state.phase.round !== round) return { kind: 'open-phase' };
  const timeIsUp = context.elapsedMs >= limits.wallClockMs;
  const [call] = pendingCalls(state);
  if (call && !timeIsUp) return { kind: 'execute', call, position: state.calls.indexOf(call) };
  if (state.finished) return { kind: 'stop', reason: 'finished', ...state.finished };
  if (timeIsUp)
    return stop(state, 'time-limit', `The time limit of ${limits.wallClockMs / 60_000} minutes was reached.`);
  return (
    afterTrouble(state) ??
    afterText(state, phase) ??
    atTurnLimit(state, context) ??
    compaction(state, limits) ?? { kind: 'ask' }
  );
}

function afterTrouble(state: AgentState): NextMove | undefined {
  if (state.answer?.stopReason === 'refusal')
    return stop(state, 'model-refused', 'The model refused to go on.');
  if (state.malformedTurns >= malformedTurnsMax)
    return stop(state, 'malformed-calls', 'The model sent no usable tool call three times in a row.');
  if (!state.looping) return undefined;
  if (state.loopWarned) return stop(state, 'loop', 'The model repeated the same call with the same result.');
  return {
    kind: 'say',
    purpose: { type: 'warning' },
    text: 'You have made the same call with the same result five times. Repeating it will not help: try another way, or call finish and say what stands in the way.',
  };
}

/** An answer without any call: one reminder, then the text counts as the summary. */
function afterText(state: AgentState, phase: AgentPhase): NextMove | undefined {
  const { answer } = state;
  if (!answer || state.calls.length > 0) return undefined;
  if (phase === 'plan' && state.planUpdated && answer.text !== '')
    return { kind: 'stop', reason: 'finished', summary: answer.text, notDone: '' };
  if (!state.nudged) return { kind: 'say', purpose: { type: 'nudge' }, text: nudgeText(answer.stopReason) };
  if (answer.text === '') return stop(state, 'loop', 'The model sent empty answers.');
  return { kind: 'stop', reason: 'finished', summary: answer.text, notDone: '' };
}

function nudgeText(stopReason: string | undefined): string {
  return stopReason === 'max-tokens'
    ? 'Your answer was cut off because it was too long. Go on in smaller steps, with tool calls.'
    : 'Work only happens through tool calls. If you are done, or cannot go on, call finish; otherwise go on.';
}

function atTurnLimit(state: AgentState, context: MoveContext): NextMove | undefined {
  const { limits, phase } = context;
  if (state.turns >= limits.turnsMax)
    return stop(state, 'turn-limit', `The limit of ${limits.turnsMax} turns was reached.`);
  const turns = state.turns - (state.phase?.fromTurn ?? 0);
  if (phase !== 'plan' || turns < planTurnsMax) return undefined;
  if (state.plan.length > 0)
    return { kind: 'stop', reason: 'finished', summary: state.lastText, notDone: '' };
  return stop(state, 'turn-limit', `No plan after ${planTurnsMax} turns.`);
}

function compaction(state: AgentState, limits: AgentLimits): NextMove | undefined {
  if (state.compactedSinceAnswer) return undefined;
  const tokensMax = limits.contextTokensMax ?? contextTokensDefault;
  return tokensOf(state.chars) > tokensMax ? compactNow(state, tokensMax) : undefined;
}

/** Shortens the older part of the conversation; undefined when nothing is left to gain. */
export function compactNow(state: AgentState, tokensMax: number): NextMove | undefined {
  const beforeMessage = compactionPoint(state.messages, tokensMax);
  if (beforeMessage === null) return undefined;
  return {
    kind: 'say',
    purpose: { type: 'compaction', beforeMessage },
    text: 'To save space, older tool outputs above were shortened. Read again what you still need.',
  };
}

/** A stop that people are told about: why, and which steps of the plan are open. */
export function stop(
  state: AgentState,
  reason: StopReason,
  why: string,
): Extract<NextMove, { kind: 'stop' }> {
  const open = state.plan.filter((step) => step.status === 'open' || step.status === 'doing');
  const steps = open.map((step) => `- ${step.title}`);
  return {
    kind: 'stop',
    reason,
    summary: state.lastText.slice(0, 8000),
    notDone: [why, ...(steps.length > 0 ? ['Open steps:', ...steps] : [])].join('\n'),
  };
}
