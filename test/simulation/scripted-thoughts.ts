import type {
  ModelAnswer,
  ModelChain,
  ModelFailureCode,
  ModelMessage,
  ModelProvider,
  ModelRequest,
  ToolCallPart,
} from '../../src/domain/model.ts';
import { currentProcess } from './scheduler.ts';
import { solution } from './simulated-host.ts';
import { type Simulation, seam, sleep } from './simulation.ts';

const usage = {
  inputTokens: 900,
  outputTokens: 100,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  reported: true,
} as const;

/** Hostile on purpose: what a model says goes through the output filter. */
const boast = 'Done @ada, closes #1. /agent fix ![x](https://evil.test/?q=1) <!-- hidden -->';

/**
 * A model that follows a script by what the conversation holds, so that a run that goes on elsewhere hears the same.
 * From `rightFrom` on, which is a round, its change is right; 9: never.
 */
export function scriptedChain(simulation: Simulation, rightFrom: number): ModelChain {
  const provider: ModelProvider = {
    name: 'anthropic:scripted',
    costUsd: () => 0.01,
    complete: (request) => answer(simulation, request, rightFrom),
  };
  return {
    names: [provider.name],
    costUsd: () => 0.01,
    async complete(request, onFailure) {
      for (let attempt = 1; ; attempt += 1) {
        const reply = await provider.complete(request);
        if (reply.kind === 'reply' || reply.code === 'aborted') return { answer: reply, provider };
        await onFailure(provider.name, reply);
        if (!reply.retryable || attempt === 3) return { answer: reply, provider };
        await sleep(simulation.scheduler, reply.retryAfterMs ?? 1_000 * 2 ** attempt, request.signal);
      }
    },
  };
}

async function answer(
  simulation: Simulation,
  request: ModelRequest,
  rightFrom: number,
): Promise<ModelAnswer> {
  const { scheduler, random, faults } = simulation;
  await seam(simulation, 'the model thinks');
  await scheduler.wait(currentProcess(), 'the model answers', random.between(200, 6_000));
  await seam(simulation, 'the model answered');
  if (request.signal.aborted) return failure('aborted');
  if (faults.fires('model.overloaded')) return failure('overloaded');
  if (faults.fires('model.cut-off')) return failure('cut-off');
  if (faults.fires('model.limited')) return failure('rate-limited', 20_000);
  const calls = faults.fires('model.nonsense')
    ? [call('hack_github', {})]
    : thought(request.messages, rightFrom);
  return {
    kind: 'reply',
    message: {
      role: 'assistant',
      parts: [
        { type: 'text', text: boast },
        ...calls.map((one, index) => ({ ...one, id: `${one.id}${index}` })),
      ],
    },
    stopReason: 'tool-calls',
    usage,
    model: 'scripted-1',
  };
}

function failure(code: ModelFailureCode, retryAfterMs: number | null = null): ModelAnswer {
  return { kind: 'failure', code, retryable: code !== 'aborted', retryAfterMs, message: code };
}

function call(name: string, input: unknown): ToolCallPart {
  return { type: 'tool-call', id: 'call', name, input, raw: JSON.stringify(input) };
}

function thought(messages: readonly ModelMessage[], rightFrom: number): readonly ToolCallPart[] {
  const at = messages.findLastIndex(({ role, parts }) => role === 'user' && phaseOf(parts) !== undefined);
  const { phase, round } = phaseOf(messages[at]?.parts ?? []) ?? { phase: 'plan', round: 1 };
  const turn = messages.slice(at).filter(isSound).length;
  if (phase === 'plan') {
    const step = { title: 'Mend total()', acceptance: 'the test passes', status: 'open' };
    return turn === 0 ? [call('update_plan', { steps: [step] })] : [finish()];
  }
  const content = round >= rightFrom ? `right ${round}` : `wrong ${round}`;
  if (turn === 0) return [call('read_file', { path: solution })];
  if (turn === 1) return [call('write_file', { path: solution, content })];
  return [finish()];
}

/** Nonsense does not count: it is answered by an error and tried again. */
function isSound({ role, parts }: ModelMessage): boolean {
  return (
    role === 'assistant' && !parts.some((part) => part.type === 'tool-call' && part.name === 'hack_github')
  );
}

function finish(): ToolCallPart {
  return call('finish', { summary: boast, not_done: '' });
}

function phaseOf(
  parts: ModelMessage['parts'],
): { readonly phase: string; readonly round: number } | undefined {
  for (const part of parts) {
    const found = part.type === 'text' ? /^Phase: (\w+), round (\d+)\./.exec(part.text) : null;
    if (found) return { phase: found[1] ?? 'plan', round: Number(found[2]) };
  }
  return undefined;
}
