import type { ToolCallPart } from '../domain/model.ts';
import type { AgentSession } from './agent-session.ts';
import { wellFormed } from './clip-text.ts';
import { kitOf } from './kit.ts';
import { failed, malformed, type Tool, type ToolContext, type ToolOutput } from './tools/tool.ts';

const callsPerTurnMax = 30;

/**
 * Runs one call of the newest answer and journals its result. A change of the work tree is journaled before the
 * result and counts with it: a crash between the two repeats the call on the tree as it was before.
 */
export async function executeCall(
  session: AgentSession,
  call: ToolCallPart,
  position: number,
): Promise<void> {
  const { options, state } = session;
  const startMs = options.clock.monotonicMs();
  const tool = kitOf(options.phase).byName.get(call.name);
  let output = refusal(session, call, position) ?? (await tool?.call(call, contextOf(session, call)));
  session.requireLease();
  output ??= malformed(`there is no tool ${call.name}`);
  if (tool && tool.effect !== 'none' && output.ok) output = await settleTree(session, call, output);

  const fullOutput = output.full === undefined ? null : await options.blobs.put(Buffer.from(output.full));
  await session.append(
    {
      kind: 'tool.returned',
      turn: state.turns,
      callId: call.id,
      tool: call.name,
      ok: output.ok,
      output: wellFormed(output.text),
      fullOutput,
      durationMs: Math.round(options.clock.monotonicMs() - startMs),
    },
    `tool:${call.id}`,
  );
}

/** Calls that are answered without being run. */
function refusal(session: AgentSession, call: ToolCallPart, position: number): ToolOutput | undefined {
  const { state, options } = session;
  const { byName } = kitOf(options.phase);
  const tool: Tool | undefined = byName.get(call.name);
  if (!tool) return malformed(`there is no tool ${call.name}; there are ${[...byName.keys()].join(', ')}`);
  if (state.finished) return failed('not run: the phase was finished before');
  if (position >= callsPerTurnMax) return failed(`not run: at most ${callsPerTurnMax} calls in one turn`);
  if (options.workspace === null && tool.effect !== 'none') return failed('nothing can be changed here');
  if (options.phase === 'plan' && tool.effect === 'edits')
    return failed('planning: files cannot be changed yet; put it into the plan');
  return call.name === 'finish' ? reminder(session) : undefined;
}

/** Once, because what stays without an answer is told to the reviewer as not addressed. */
function reminder(session: AgentSession): ToolOutput | undefined {
  const { state, options } = session;
  if (options.phase !== 'implement' || state.finishRefused) return undefined;
  const open = namesOf(session).filter((name) => !state.answered.has(name));
  if (open.length === 0) return undefined;
  return failed(
    `not finished: ${open.join(', ')} of the review have no answer yet. Call address_comment for each, then finish. What stays without one is shown to the reviewer as not addressed.`,
  );
}

function namesOf({ options }: AgentSession): readonly string[] {
  return options.task.review?.comments.map(({ name }) => name) ?? [];
}

function contextOf(session: AgentSession, call: ToolCallPart): ToolContext {
  const { options, state } = session;
  const leftMs = Math.max(1000, options.limits.wallClockMs - session.elapsedMs());
  return {
    sandbox: options.sandbox,
    signal: options.lease.signal,
    commandTimeoutMs: Math.min(options.limits.commandTimeoutMs, leftMs),
    turn: state.turns,
    comments: namesOf(session),
    ask: async (question) => (await options.people?.ask(call.id, question)) ?? null,
    judgeFinding: (finding) => options.judgeFinding?.(finding) ?? null,
    record: (event) => session.append(event, `${event.kind}:${call.id}`),
  };
}

async function settleTree(
  session: AgentSession,
  call: ToolCallPart,
  output: ToolOutput,
): Promise<ToolOutput> {
  const { options, state } = session;
  const { workspace } = options;
  if (workspace === null) return output;
  const treeId = await workspace.checkpoint(options.sandbox);
  if (treeId === state.tree) return output;
  if (options.phase === 'plan' && state.tree !== null) {
    await workspace.restore(options.sandbox, state.tree);
    return { ...output, text: `${output.text}\n(planning: the files that this changed were put back)` };
  }
  const event = { kind: 'checkpoint.made', turn: state.turns, treeId, callId: call.id } as const;
  await session.append(event, `checkpoint:${call.id}:${treeId}`);
  return output;
}
