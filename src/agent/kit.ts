import type { AgentPhase } from '../domain/agent-phase.ts';
import { reviewPrompt } from './review-prompt.ts';
import { systemPrompt } from './system-prompt.ts';
import type { Tool } from './tools/tool.ts';
import { reviewTools, workTools } from './tools/tool-list.ts';

/** What the model is told about itself and what it can do: the same for all turns of a run, for providers' caches. */
export interface Kit {
  readonly system: string;
  readonly tools: readonly Tool[];
  readonly byName: ReadonlyMap<string, Tool>;
  /** Characters of both in every request. */
  readonly chars: number;
}

const work = kitWith(systemPrompt, workTools);
const review = kitWith(reviewPrompt, reviewTools);

/** A run that reviews has no other phase, and the phases of all other runs share one kit. */
export function kitOf(phase: AgentPhase): Kit {
  return phase === 'review' ? review : work;
}

function kitWith(system: string, tools: readonly Tool[]): Kit {
  const specs = tools.map((tool) => tool.spec);
  return {
    system,
    tools,
    byName: new Map(tools.map((tool) => [tool.spec.name, tool])),
    chars: system.length + JSON.stringify(specs).length,
  };
}
