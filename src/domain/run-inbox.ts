import type { RunId } from './ids.ts';
import type { Actor, Role } from './repository.ts';

/** What a message asks of a run. `message` and `revise` are words for the agent; the others are commands. */
export type RunMessageKind =
  | 'message'
  | 'revise'
  | 'answer'
  | 'approve'
  | 'pause'
  | 'resume'
  | 'plan'
  | 'budget'
  | 'retry'
  | 'event';

/** Something said to a run, frozen when it was said: nothing is read again later. */
export interface NewRunMessage {
  readonly runId: RunId;
  readonly kind: RunMessageKind;
  /** Sanitised words of a person, or the argument of a command; empty where there is none. */
  readonly text: string;
  /** Facts of the event, for kinds that have some. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly actor: Actor;
  /** As GitHub gave it when the message came. */
  readonly role: Role;
  readonly commentId: number | null;
  /** Unique per logical trigger (`comment:<id>`): the same one is never posted twice. */
  readonly triggerKey: string;
}

export interface RunMessage extends NewRunMessage {
  /** Contiguous from 1 within its run. */
  readonly seq: number;
  readonly createdAt: Date;
}

/**
 * What became of a post. `posted`: the run hears of it, a parked one within seconds. `repeated`: the same trigger was
 * posted before. `over`: there is no such run, or its end is journaled.
 */
export type PostResult = 'posted' | 'repeated' | 'over';

/** Durable messages to one run, in order. */
export interface RunInbox {
  post(message: NewRunMessage): Promise<PostResult>;
  /** The run that the same trigger was posted to before, also when it is over. */
  runOf(triggerKey: string): Promise<RunId | undefined>;
  /** Those that no journal entry has taken yet, oldest first. */
  pending(runId: RunId): Promise<readonly RunMessage[]>;
}

/** Key of the journal entry that takes a message. Appending it is taking it: once, whatever crashes. */
export function messageKey({ triggerKey }: Pick<NewRunMessage, 'triggerKey'>): string {
  return `message:${triggerKey}`;
}
