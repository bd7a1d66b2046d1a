import type { RunId } from '../../src/domain/ids.ts';
import {
  messageKey,
  type NewRunMessage,
  type PostResult,
  type RunInbox,
  type RunMessage,
} from '../../src/domain/run-inbox.ts';

/** What the double has to know about runs and their journals. */
export interface InboxFacts {
  isOpen(runId: RunId): boolean;
  /** Whether the run's journal has an entry with the key. */
  isJournaled(runId: RunId, key: string): boolean;
}

/** An inbox in memory with the promises of the one in Postgres. */
export class MemoryInbox implements RunInbox {
  readonly all: RunMessage[] = [];
  readonly #facts: InboxFacts;

  constructor(facts: InboxFacts) {
    this.#facts = facts;
  }

  async post(message: NewRunMessage): Promise<PostResult> {
    if (this.all.some(({ triggerKey }) => triggerKey === message.triggerKey)) return 'repeated';
    const facts = this.#facts;
    if (!facts.isOpen(message.runId) || facts.isJournaled(message.runId, 'run.ended')) return 'over';
    const seq = this.all.filter(({ runId }) => runId === message.runId).length + 1;
    this.all.push({ ...message, seq, createdAt: new Date() });
    return 'posted';
  }

  async runOf(triggerKey: string): Promise<RunId | undefined> {
    return this.all.find((message) => message.triggerKey === triggerKey)?.runId;
  }

  async pending(runId: RunId): Promise<readonly RunMessage[]> {
    return this.all.filter(
      (message) => message.runId === runId && !this.#facts.isJournaled(runId, messageKey(message)),
    );
  }
}
