import type { AgentPhase, ContextPurpose } from '../domain/agent-phase.ts';
import type { TreeId } from '../domain/ids.ts';
import type { JournalEvent, PlanStep } from '../domain/journal-event.ts';
import type { ModelMessage, ModelReply, ToolCallPart, ToolResultPart, Usage } from '../domain/model.ts';
import { charsOf, compact } from './compaction.ts';
import { countRepeat } from './loop-breaker.ts';
import { isMalformed } from './tools/tool.ts';

/**
 * Everything the loop decides by, folded from the journal. The same function folds live and after a crash, so that
 * both go on in the same way.
 */
export interface AgentState {
  messages: ModelMessage[];
  /** Estimated size of `messages`. */
  chars: number;
  turns: number;
  phase: { readonly phase: AgentPhase; readonly round: number; readonly fromTurn: number } | null;
  /** Calls of the newest answer; those without a result yet are `pending`. */
  calls: readonly ToolCallPart[];
  results: Map<string, ToolResultPart>;
  /** Messages that came while calls were open: results must directly follow their calls. */
  deferred: ModelMessage[];
  callIds: Set<string>;
  /** What the newest answer used; null before the first. */
  spent: { readonly turn: number; readonly usage: Usage; readonly costUsd: number | null } | null;
  /** The work tree after the last call that has returned; null before the first checkpoint. */
  tree: TreeId | null;
  unconfirmedTree: { readonly callId: string; readonly treeId: TreeId } | null;
  plan: readonly PlanStep[];
  planUpdated: boolean;
  finished: { readonly summary: string; readonly notDone: string } | null;
  /** The newest answer while nothing was said or returned after it. */
  answer: { readonly text: string; readonly stopReason: ModelReply['stopReason'] | undefined } | null;
  /** Comments of the review that it has answered. */
  answered: Set<string>;
  /** A `finish` of this phase was not taken. */
  finishRefused: boolean;
  lastText: string;
  nudged: boolean;
  malformedTurns: number;
  repeats: Map<string, number>;
  looping: boolean;
  loopWarned: boolean;
  compactedSinceAnswer: boolean;
}

/** The state before anything happened. */
export function emptyState(): AgentState {
  return {
    messages: [],
    chars: 0,
    turns: 0,
    phase: null,
    calls: [],
    results: new Map(),
    deferred: [],
    callIds: new Set(),
    spent: null,
    tree: null,
    unconfirmedTree: null,
    plan: [],
    planUpdated: false,
    finished: null,
    answer: null,
    answered: new Set(),
    finishRefused: false,
    lastText: '',
    nudged: false,
    malformedTurns: 0,
    repeats: new Map(),
    looping: false,
    loopWarned: false,
    compactedSinceAnswer: false,
  };
}

/** Calls of the newest answer that have no result yet, in order. */
export function pendingCalls(state: AgentState): readonly ToolCallPart[] {
  return state.calls.filter((call) => !state.results.has(call.id));
}

/** Takes one event of the run's journal into account; events of other rooms change nothing. */
export function applyEvent(state: AgentState, event: JournalEvent): void {
  if (event.kind === 'turn.answered') applyAnswer(state, event);
  else if (event.kind === 'tool.returned') applyResult(state, event);
  else if (event.kind === 'context.added') applyContext(state, event);
  else if (event.kind === 'checkpoint.made') applyCheckpoint(state, event);
  else if (event.kind === 'comment.answered') state.answered.add(event.answer.name);
  else if (event.kind === 'plan.updated') {
    state.plan = event.steps;
    state.planUpdated = true;
  }
}

type EventOf<Kind extends JournalEvent['kind']> = Extract<JournalEvent, { kind: Kind }>;

function applyAnswer(state: AgentState, event: EventOf<'turn.answered'>): void {
  if (event.message.role !== 'assistant') return;
  state.turns = event.turn;
  state.spent = { turn: event.turn, usage: event.usage, costUsd: event.costUsd };
  state.calls = event.message.parts.filter((part) => part.type === 'tool-call');
  state.results = new Map();
  state.compactedSinceAnswer = false;
  for (const call of state.calls) state.callIds.add(call.id);
  const text = event.message.parts
    .flatMap((part) => (part.type === 'text' ? [part.text] : []))
    .join('\n')
    .trim();
  if (text !== '') state.lastText = text;
  state.answer = { text, stopReason: event.stopReason };
  if (state.calls.length > 0) state.nudged = false;
  push(state, event.message);
}

function applyResult(state: AgentState, event: EventOf<'tool.returned'>): void {
  const call = state.calls.find((candidate) => candidate.id === event.callId);
  if (!call || state.results.has(call.id)) return;
  const part = { type: 'tool-result', callId: call.id, text: event.output, isError: !event.ok } as const;
  state.results.set(call.id, part);
  if (state.unconfirmedTree?.callId === call.id) {
    state.tree = state.unconfirmedTree.treeId;
    state.unconfirmedTree = null;
    state.repeats.clear();
  }
  state.looping ||= countRepeat(state.repeats, call, event.output);
  if (call.name === 'finish' && event.ok) state.finished = finishOf(call.input);
  if (call.name === 'finish' && !event.ok) state.finishRefused = true;
  if (state.results.size === state.calls.length) closeTurn(state);
}

/** All results are in: they become one message, in the order of their calls. */
function closeTurn(state: AgentState): void {
  const parts = state.calls.flatMap((call) => state.results.get(call.id) ?? []);
  push(state, { role: 'user', parts });
  state.malformedTurns = parts.every(isMalformed) ? state.malformedTurns + 1 : 0;
  state.calls = [];
  state.results = new Map();
  if (state.answer?.stopReason !== 'refusal') state.answer = null;
  for (const message of state.deferred.splice(0)) push(state, message);
}

function applyContext(state: AgentState, event: EventOf<'context.added'>): void {
  if (event.purpose) applyPurpose(state, event.purpose, event.turn);
  if (state.calls.length > 0) {
    state.deferred.push(event.message);
    return;
  }
  state.answer = null;
  push(state, event.message);
}

function applyPurpose(state: AgentState, purpose: ContextPurpose, turn: number): void {
  switch (purpose.type) {
    case 'phase':
      state.phase = { phase: purpose.phase, round: purpose.round, fromTurn: turn };
      state.planUpdated = false;
      state.finished = null;
      state.finishRefused = false;
      state.answer = null;
      state.nudged = false;
      state.malformedTurns = 0;
      resetLoop(state, false);
      break;
    case 'message':
      // What was finished before a person spoke is not finished any more.
      state.finished = null;
      resetLoop(state, false);
      break;
    case 'nudge':
      state.nudged = true;
      break;
    case 'warning':
      resetLoop(state, true);
      break;
    case 'compaction':
      state.messages = compact(state.messages, purpose.beforeMessage);
      state.chars = state.messages.reduce((sum, message) => sum + charsOf(message), 0);
      state.compactedSinceAnswer = true;
      break;
  }
}

function resetLoop(state: AgentState, warned: boolean): void {
  state.repeats.clear();
  state.looping = false;
  state.loopWarned = warned;
}

function applyCheckpoint(state: AgentState, event: EventOf<'checkpoint.made'>): void {
  if (event.callId === undefined) state.tree = event.treeId;
  else state.unconfirmedTree = { callId: event.callId, treeId: event.treeId };
}

function push(state: AgentState, message: ModelMessage): void {
  state.messages.push(message);
  state.chars += charsOf(message);
}

function finishOf(input: unknown): { readonly summary: string; readonly notDone: string } {
  const given = input as { readonly summary?: unknown; readonly not_done?: unknown };
  return {
    summary: typeof given.summary === 'string' ? given.summary : '',
    notDone: typeof given.not_done === 'string' ? given.not_done : '',
  };
}
