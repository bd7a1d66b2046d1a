import type { MessageAuthor } from './journal-event.ts';

/** What the model works on: `plan` reads and plans, `implement` changes files, `review` reads and reports. */
export type AgentPhase = 'plan' | 'implement' | 'review';

/**
 * Why a message of ours was put into the conversation. `compaction` shortens the older messages, those before
 * index `beforeMessage`, the same way at every replay.
 */
export type ContextPurpose =
  | { readonly type: 'phase'; readonly phase: AgentPhase; readonly round: number }
  /** Words of a person, as a data section; which, says the entry's key. */
  | { readonly type: 'message'; readonly by: MessageAuthor }
  | { readonly type: 'nudge' }
  | { readonly type: 'warning' }
  | { readonly type: 'compaction'; readonly beforeMessage: number };
