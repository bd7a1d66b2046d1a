import { isUtf8 } from 'node:buffer';
import type { NewDelivery } from '../domain/delivery.ts';
import type { DeliveryGuid } from '../domain/ids.ts';

/** What GitHub says about a delivery in its headers. */
export interface DeliveryHeaders {
  readonly guid: DeliveryGuid;
  readonly event: string;
}

/**
 * Makes the row of a delivery whose signature was right. A body that cannot be stored as JSON becomes a row with
 * `problem`, never an exception: GitHub would only send the same bytes again.
 */
export function parseDelivery(headers: DeliveryHeaders, rawBody: Buffer): NewDelivery {
  const parsed = parseBody(rawBody);
  if ('problem' in parsed) {
    return {
      ...headers,
      action: null,
      installationId: null,
      repositoryId: null,
      rawBody,
      payload: null,
      problem: parsed.problem,
    };
  }
  const { payload } = parsed;
  return {
    ...headers,
    action: typeof payload['action'] === 'string' ? payload['action'].slice(0, 64) : null,
    installationId: idOf(payload['installation']),
    repositoryId: idOf(payload['repository']),
    rawBody,
    payload,
    problem: null,
  };
}

type Parsed = { readonly payload: Readonly<Record<string, unknown>> } | { readonly problem: string };

function parseBody(rawBody: Buffer): Parsed {
  if (!isUtf8(rawBody)) return { problem: 'the body is not valid UTF-8' };
  const text = rawBody.toString('utf8');
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch {
    return { problem: 'the body is not JSON' };
  }
  if (!isRecord(payload)) return { problem: 'the body is not a JSON object' };
  return problemOf(text, payload) ?? { payload };
}

/** Deeper than any event; far from the depth at which writing the value as JSON again overflows the stack. */
const depthMax = 200;

function problemOf(text: string, payload: unknown): Parsed | undefined {
  if (mayNestDeeply(text) && maxNesting(text) > depthMax) return { problem: 'the body is nested too deeply' };
  // The walk over all values is only made when the text can hold such a character at all.
  const suspicious =
    text.includes('\\u') && /\\u(0000|[dD][89abAB][0-9a-fA-F]{2}|[dD][c-fC-F][0-9a-fA-F]{2})/.test(text);
  if (suspicious && !isStorable(payload)) {
    return { problem: 'the body holds U+0000 or half a surrogate pair, which the database cannot hold' };
  }
  return undefined;
}

/** A value has at least as many opening brackets as it is deep: nearly every delivery is told by these two searches. */
function mayNestDeeply(text: string): boolean {
  let opened = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0 && opened <= depthMax; at = text.indexOf(bracket, at + 1)) {
      opened += 1;
    }
  }
  return opened > depthMax;
}

/** Counts on the text: a recursive walk over the value is what this protects others from. */
function maxNesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"') inString = !inString;
    else if (inString) index += character === '\\' ? 1 : 0;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, (depth += 1));
    else if (character === '}' || character === ']') depth -= 1;
  }
  return deepest;
}

function isStorable(root: unknown): boolean {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string' && !isStorableText(value)) return false;
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      if (!isStorableText(key)) return false;
      waiting.push(child);
    }
  }
  return true;
}

function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

function idOf(value: unknown): number | null {
  if (!isRecord(value)) return null;
  const id = value['id'];
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
