import type { FileFacts, FileTokens } from './file-facts.ts';
import type { WorkflowFacts } from './read-workflow.ts';

/** What is wanted of one text. */
export interface FactsRequest {
  readonly id: number;
  readonly kind: 'syntax' | 'tokens' | 'workflow';
  readonly path: string;
  readonly text: string;
}

/** Said when the grammar is loaded and the text is about to be read: from here on its time counts. */
export interface FactsBegun {
  readonly begun: number;
}

export interface FactsAnswer {
  readonly id: number;
  readonly facts: FileFacts | FileTokens | WorkflowFacts | null;
  /** Why there are none: the reader broke on this text. */
  readonly problem: string | null;
}
