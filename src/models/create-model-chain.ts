import { AppError } from '../domain/app-error.ts';
import type { Clock } from '../domain/clock.ts';
import type { Logger } from '../domain/logger.ts';
import type { ModelAnswer, ModelChain, ModelFailure, ModelProvider, ModelRequest } from '../domain/model.ts';
import { createAnthropicProvider } from './anthropic-provider.ts';
import { type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.ts';
import { modelFailure } from './model-failure.ts';
import type { OpenAiOptions } from './openai-provider.ts';
import { knownPrices, type PriceTable, priceOf } from './price-table.ts';

interface Account {
  readonly apiKey: string;
  readonly baseUrl?: string;
}

export interface ModelChainOptions {
  /** `anthropic:<model>` or `openai:<model>`, in order of preference. */
  readonly specs: readonly string[];
  readonly anthropic?: Account;
  readonly openai?: Account;
  readonly clock: Clock;
  /** Added to the list prices, and stronger than them. */
  readonly prices?: PriceTable;
  readonly log: Logger;
  /** Default 4. */
  readonly maxAttemptsPerProvider?: number;
  readonly idleTimeoutMs?: number;
  /** For the jitter; between 0 and 1. */
  readonly random?: () => number;
}

const backoffBaseMs = 1_000;
const backoffMaxMs = 30_000;
/** A longer Retry-After is not waited for: the next provider is asked, or the run parks. */
const retryAfterMaxMs = 60_000;
const breakerLimits = { failuresMax: 5, openMs: 60_000 };

interface Link {
  readonly provider: ModelProvider;
  readonly breaker: CircuitBreaker;
}

/**
 * The models in order of preference: what may pass is tried again with jittered backoff, then the next provider gets
 * the same conversation. Throws `model-misconfigured` for a name it cannot read or a key that is missing.
 */
export function createModelChain(options: ModelChainOptions): ModelChain {
  const links = options.specs.map((spec) => ({
    provider: createProvider(spec, options),
    breaker: createCircuitBreaker(options.clock, breakerLimits),
  }));
  const first = links[0];
  if (!first) throw new AppError('model-misconfigured', 'The model chain is empty.');

  return {
    names: links.map((link) => link.provider.name),
    costUsd(usage) {
      const costs = links.map((link) => link.provider.costUsd(usage));
      return costs.includes(null) ? null : Math.max(...costs.map((cost) => cost ?? 0));
    },
    async complete(request, onFailure) {
      let last: { readonly answer: ModelAnswer; readonly provider: ModelProvider } | undefined;
      for (const link of links) {
        const answer = await askOne(link, request, { options, onFailure });
        if (last?.answer.kind !== 'failure' || !isBetterNews(last.answer, answer))
          last = { answer, provider: link.provider };
        if (endsChain(answer)) return { answer, provider: link.provider };
      }
      return last ?? { answer: modelFailure('overloaded', 'no model answers'), provider: first.provider };
    },
  };
}

/** A reply, the owner's stop, and a conversation that is too long for any: nobody else is asked. */
function endsChain(answer: ModelAnswer): boolean {
  return answer.kind === 'reply' || answer.code === 'aborted' || answer.code === 'context-overflow';
}

/** When all fail, a failure that may pass is reported before one that needs a person: waiting still helps. */
function isBetterNews(known: ModelFailure, next: ModelAnswer): boolean {
  return next.kind === 'failure' && known.retryable && !next.retryable;
}

interface Attempting {
  readonly options: ModelChainOptions;
  readonly onFailure: Parameters<ModelChain['complete']>[1];
}

async function askOne(link: Link, request: ModelRequest, context: Attempting): Promise<ModelAnswer> {
  const { provider, breaker } = link;
  const attemptsMax = context.options.maxAttemptsPerProvider ?? 4;
  for (let attempt = 1; ; attempt += 1) {
    if (request.signal.aborted) return modelFailure('aborted', 'the call was stopped');
    const blocked = breaker.blocked();
    if (blocked) return blocked;
    const answer = await provider.complete(request);
    if (answer.kind === 'reply') {
      breaker.succeeded();
      return answer;
    }
    breaker.failed(answer);
    context.options.log.warn('model.failed', { provider: provider.name, code: answer.code, attempt });
    if (answer.code !== 'aborted') await context.onFailure(provider.name, answer);
    const waitMs = pauseMs(answer, attempt, context.options.random ?? Math.random);
    if (waitMs === null || attempt >= attemptsMax) return answer;
    await context.options.clock.sleep(waitMs, request.signal);
  }
}

/** Milliseconds to wait before the next attempt; null when another one is of no use. */
function pauseMs(failure: ModelFailure, attempt: number, random: () => number): number | null {
  if (!failure.retryable) return null;
  const ceiling = Math.min(backoffMaxMs, backoffBaseMs * 2 ** (attempt - 1));
  const jittered = ceiling * (0.5 + random() / 2);
  if (failure.retryAfterMs === null) return jittered;
  return failure.retryAfterMs > retryAfterMaxMs ? null : Math.max(failure.retryAfterMs, jittered);
}

function createProvider(spec: string, options: ModelChainOptions): ModelProvider {
  const [protocol, model] = splitSpec(spec);
  const account = protocol === 'anthropic' ? options.anthropic : options.openai;
  if (!account) {
    const key = protocol === 'anthropic' ? 'ANTHROPIC_API_KEY' : 'OPENAI_API_KEY';
    throw new AppError('model-misconfigured', `The model ${spec} needs ${key}.`, { hint: `Set ${key}.` });
  }
  const common = {
    ...account,
    model,
    prices: { ...knownPrices, ...options.prices },
    ...(options.idleTimeoutMs === undefined ? {} : { idleTimeoutMs: options.idleTimeoutMs }),
  };
  return protocol === 'anthropic' ? createAnthropicProvider(common) : lateOpenAiProvider(common);
}

/** The SDK costs 150 ms of start-up: loaded by the first call. */
function lateOpenAiProvider(options: OpenAiOptions): ModelProvider {
  let loaded: Promise<ModelProvider> | undefined;
  return {
    name: `openai:${options.model}`,
    async complete(request) {
      loaded ??= import('./openai-provider.ts').then(({ createOpenAiProvider }) =>
        createOpenAiProvider(options),
      );
      return await (await loaded).complete(request);
    },
    costUsd: (usage) => priceOf(options.prices, options.model, usage),
  };
}

/** The first colon separates; names of local models hold more of them (`openai:qwen3:32b`). */
function splitSpec(spec: string): readonly ['anthropic' | 'openai', string] {
  const colon = spec.indexOf(':');
  const protocol = spec.slice(0, Math.max(colon, 0));
  const model = spec.slice(colon + 1).trim();
  if ((protocol === 'anthropic' || protocol === 'openai') && model !== '') return [protocol, model];
  throw new AppError('model-misconfigured', `"${spec.slice(0, 100)}" is not the name of a model.`, {
    hint: 'Write anthropic:<model> or openai:<model>.',
  });
}
