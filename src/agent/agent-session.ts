import type { ContextPurpose } from '../domain/agent-phase.ts';
import { AppError } from '../domain/app-error.ts';
import type { JournalEvent } from '../domain/journal-event.ts';
import type { AgentOptions } from './agent-options.ts';
import { type AgentState, applyEvent, emptyState } from './agent-state.ts';
import { elapsedMs } from './elapsed-time.ts';

/** The state of one run with its journal: what is appended is folded, in that order. */
export interface AgentSession {
  readonly options: AgentOptions;
  readonly state: AgentState;
  /** Working time of the run so far. */
  elapsedMs(): number;
  /** Appends once for `key` and folds the event. */
  append(event: JournalEvent, key?: string): Promise<void>;
  /** Puts a message of ours into the conversation. */
  say(text: string, purpose: ContextPurpose, key: string): Promise<void>;
  /** Throws what the lease was aborted with. */
  requireLease(): void;
}

/** Rebuilds the state from the journal, which is read this once. */
export async function openSession(options: AgentOptions): Promise<AgentSession> {
  const entries = await options.journal.read(options.run.id);
  const state = emptyState();
  for (const entry of entries) applyEvent(state, entry.event);
  const before = elapsedMs(entries);
  const startMs = options.clock.monotonicMs();

  async function append(event: JournalEvent, key?: string): Promise<void> {
    await options.journal.append(options.lease, event, key);
    applyEvent(state, event);
  }

  return {
    options,
    state,
    elapsedMs: () => before + options.clock.monotonicMs() - startMs,
    append,
    say: (text, purpose, key) =>
      append(
        {
          kind: 'context.added',
          turn: state.turns,
          message: { role: 'user', parts: [{ type: 'text', text }] },
          purpose,
        },
        key,
      ),
    requireLease() {
      const { signal } = options.lease;
      if (!signal.aborted) return;
      if (signal.reason instanceof AppError) throw signal.reason;
      throw new AppError('lease-lost', 'The lease ended.', { cause: signal.reason });
    },
  };
}
