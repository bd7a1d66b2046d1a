import { z } from 'zod';
import type { JournalEvent } from '../../domain/journal-event.ts';
import type { ToolCallPart, ToolResultPart, ToolSpec } from '../../domain/model.ts';
import type { ReviewFinding } from '../../domain/review.ts';
import type { SandboxRun } from '../../domain/sandbox.ts';

/** What a tool may use. Files and commands exist for it inside the sandbox only. */
export interface ToolContext {
  readonly sandbox: SandboxRun;
  readonly signal: AbortSignal;
  readonly commandTimeoutMs: number;
  readonly turn: number;
  /** Names of the comments of the review that is worked on; empty where there is none. */
  readonly comments: readonly string[];
  /** Puts a question to people; null: there is nobody. Does not return while nobody has answered. */
  ask(question: string): Promise<string | null>;
  /** Why a finding will be dropped; null when it will be shown. */
  judgeFinding(finding: ReviewFinding): string | null;
  /** Appends to the run's journal, once per call. */
  record(event: JournalEvent): Promise<void>;
}

/** `text` goes to the model; `full` is kept aside when `text` is only a part of it. */
export interface ToolOutput {
  readonly ok: boolean;
  readonly text: string;
  readonly full?: string;
}

export interface Tool {
  readonly spec: ToolSpec;
  /** `edits` changes files, `runs` may. */
  readonly effect: 'none' | 'edits' | 'runs';
  /** Never throws for what the model sent; bad input is an error result. */
  call(part: ToolCallPart, context: ToolContext): Promise<ToolOutput>;
}

const malformedMark = 'Not a usable call: ';

/** A tool whose input is checked against `input`; what is not listed there is refused. */
export function defineTool<Input extends z.ZodType>(options: {
  readonly name: string;
  readonly description: string;
  readonly effect: Tool['effect'];
  readonly input: Input;
  readonly run: (input: z.output<Input>, context: ToolContext) => Promise<ToolOutput>;
}): Tool {
  const { $schema: _, ...inputSchema } = z.toJSONSchema(options.input, { io: 'input' });
  return {
    spec: { name: options.name, description: options.description, inputSchema },
    effect: options.effect,
    async call(part, context) {
      if (part.input === null)
        return malformed(`the arguments are not valid JSON: ${part.raw.slice(0, 200)}`);
      const parsed = options.input.safeParse(part.input);
      return parsed.success ? options.run(parsed.data, context) : malformed(problemsOf(parsed.error));
    },
  };
}

/** The result for a call that no tool could make sense of. */
export function malformed(why: string): ToolOutput {
  return { ok: false, text: malformedMark + why };
}

/** True for the result of such a call. Only our own texts are errors, so that no output can imitate it. */
export function isMalformed(result: ToolResultPart): boolean {
  return result.isError && result.text.startsWith(malformedMark);
}

/** An error result. */
export function failed(text: string): ToolOutput {
  return { ok: false, text };
}

function problemsOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.map(String).join('.') || 'input'}: ${issue.message}`)
    .join('; ')
    .slice(0, 600);
}
