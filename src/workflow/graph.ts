import { Annotation, type BaseCheckpointSaver, END, START, StateGraph } from '@langchain/langgraph';
import type { RunEnd } from '../domain/run.ts';
import type { Step, StepOutcome } from './step.ts';
import { finish } from './steps/finish.ts';
import { implement } from './steps/implement.ts';
import { merge } from './steps/merge.ts';
import { plan } from './steps/plan.ts';
import { publish } from './steps/publish.ts';
import { recon } from './steps/recon.ts';
import { review } from './steps/review.ts';
import { snapshot } from './steps/snapshot.ts';
import { undo } from './steps/undo.ts';
import { verify } from './steps/verify.ts';

/** The walk of a run. */
export const steps: readonly Step[] = [
  snapshot,
  recon,
  plan,
  merge,
  implement,
  verify,
  publish,
  review,
  undo,
  finish,
];

/** Pointers only: everything large is in the journal (a state with messages grows quadratically in storage). */
const GraphState = Annotation.Root({
  next: Annotation<string>,
  round: Annotation<number>,
  end: Annotation<RunEnd | null>,
});

export type RunPointer = typeof GraphState.State;

export const firstPointer: RunPointer = { next: 'snapshot', round: 1, end: null };

type RunStep = (step: Step, pointer: RunPointer) => Promise<StepOutcome>;

/** The graph of a run; node names are part of stored checkpoints and must stay as they are. */
export function buildGraph(runStep: RunStep, checkpointer?: BaseCheckpointSaver) {
  const graph = new StateGraph(GraphState) as unknown as LooseGraph;
  for (const step of steps) {
    graph.addNode(step.name, async (pointer: RunPointer) =>
      pointerAfter(pointer, await runStep(step, pointer)),
    );
    const targets = Object.fromEntries(step.nexts.map((next) => [next, next === 'end' ? END : next]));
    graph.addConditionalEdges(step.name, (pointer: RunPointer) => pointer.next, targets);
  }
  graph.addEdge(START, 'snapshot');
  return graph.compile(checkpointer ? { checkpointer } : {});
}

function pointerAfter(pointer: RunPointer, outcome: StepOutcome): RunPointer {
  return { next: outcome.next, round: outcome.round ?? pointer.round, end: outcome.end ?? pointer.end };
}

/** The graph as Mermaid, for `npm run graph` and ARCHITECTURE.md. */
export async function drawGraph(): Promise<string> {
  const unused = async (): Promise<StepOutcome> => ({ next: 'end', summary: '' });
  const drawable = await buildGraph(unused).getGraphAsync();
  return drawable.drawMermaid({ withStyles: false });
}

/** StateGraph's type grows with each literal node name; nodes that come from a list need a plain one. */
interface LooseGraph {
  addNode(name: string, action: (pointer: RunPointer) => Promise<RunPointer>): void;
  addEdge(from: string, to: string): void;
  addConditionalEdges(
    from: string,
    choose: (pointer: RunPointer) => string,
    targets: Readonly<Record<string, string>>,
  ): void;
  compile(options: { readonly checkpointer?: BaseCheckpointSaver }): CompiledRunGraph;
}

export interface CompiledRunGraph {
  invoke(
    input: RunPointer | null,
    options: {
      readonly configurable: { readonly thread_id: string };
      readonly durability: 'sync';
      readonly recursionLimit: number;
    },
  ): Promise<RunPointer>;
  getGraphAsync(): Promise<{ drawMermaid(options: { readonly withStyles: boolean }): string }>;
}
