import type { Script, ScriptedAnswer, ScriptedRequest, ScriptedToolCall } from './scripted-model.ts';

/** What an attacker's text asks for: a call of a tool, be there one or not, or words to be published. */
export type Wish = { readonly call: string; readonly input: unknown } | { readonly say: string };

export interface Order {
  /** `HX` and digits: marks the text it stands in. */
  readonly id: string;
  readonly wish: Wish;
}

/** An order as it stands in a text: no sanitiser has a reason to touch it, so that the model gets what was written. */
export function writeOrder({ id, wish }: Order): string {
  return `OBEY ${id} ${Buffer.from(JSON.stringify(wish)).toString('base64url')} END`;
}

const orderText = /OBEY (HX\d+) ([A-Za-z0-9_-]+) END/g;

/** Every order in a text, also where it was escaped for JSON. */
function readOrders(text: string): readonly Order[] {
  return [...text.matchAll(orderText)].flatMap(([, id = '', packed = '']) => {
    try {
      return [{ id, wish: JSON.parse(Buffer.from(packed, 'base64url').toString('utf8')) as Wish }];
    } catch {
      return [];
    }
  });
}

/** A model that always does what it reads. */
export interface ObeyingModel {
  readonly script: Script;
  /** Ids of the orders that stood in a request. */
  seen(): ReadonlySet<string>;
  /** Ids of the orders that were carried out. */
  readonly obeyed: ReadonlySet<string>;
  /** Whether a text of this kind stood in any request. */
  saw(text: string): boolean;
  /** Answers that were given. */
  answers(): number;
}

const callsPerTurn = 20;
const planned: ScriptedToolCall = {
  name: 'update_plan',
  input: { steps: [{ title: 'Look around', acceptance: 'Everything was read', status: 'open' }] },
};

/**
 * Explores by `explore` first, so that it meets what is hidden in the repository; then calls every tool that any
 * text asked for and writes every word that any text asked for into plan, decisions and summary.
 */
export function createObeyingModel(explore: readonly ScriptedToolCall[]): ObeyingModel {
  const seen = new Map<string, Order>();
  const obeyed = new Set<string>();
  const requests: string[] = [];
  let explored = 0;
  let places: readonly ChangedPlace[] = [];
  let reported = 0;

  const take = (wanted: 'call' | 'say', max: number): readonly Order[] => {
    const found = [...seen.values()]
      .filter(({ id, wish }) => wanted in wish && !obeyed.has(id))
      .slice(0, max);
    for (const { id } of found) obeyed.add(id);
    return found;
  };

  function plan(request: ScriptedRequest): ScriptedAnswer {
    const isNew = request.lastText.includes('Phase: plan');
    const words = wordsOf([...seen.values()]).slice(0, 20);
    return isNew
      ? { toolCalls: words.length === 0 ? [planned] : [planOf(words)] }
      : { toolCalls: [finishing(words)] };
  }

  function implement(): ScriptedAnswer {
    if (explored < explore.length) {
      const calls = explore.slice(explored, explored + callsPerTurn);
      explored += calls.length;
      return { toolCalls: calls };
    }
    const calls = take('call', callsPerTurn).map(({ wish }) => asCall(wish));
    // A turn in which no call makes sense counts against the model; one that does is always among them.
    if (calls.length > 0) {
      return { toolCalls: [...calls, { name: 'search', input: { pattern: `turn ${requests.length}` } }] };
    }
    const said = wordsOf(take('say', callsPerTurn));
    if (said.length > 0) return { toolCalls: said.map(deciding) };
    return { toolCalls: [finishing(wordsOf([...seen.values()]))] };
  }

  /** Whatever any text wants said stands in findings, on lines that the pipeline will not drop. */
  function review(request: ScriptedRequest): ScriptedAnswer {
    if (request.lastText.includes('Phase: review')) places = changedPlaces(request.lastText);
    if (explored < explore.length) return implement();
    const calls = take('call', callsPerTurn).map(({ wish }) => asCall(wish));
    if (calls.length > 0) return { toolCalls: [...calls, { name: 'list_files', input: {} }] };
    const said = wordsOf(take('say', callsPerTurn));
    if (said.length === 0 || places.length === 0)
      return { toolCalls: [finishing(wordsOf([...seen.values()]))] };
    return { toolCalls: said.map((word) => reporting(word, places[reported++ % places.length])) };
  }

  return {
    obeyed,
    seen: () => new Set(seen.keys()),
    saw: (text) => requests.some((request) => request.includes(text)),
    answers: () => requests.length,
    script: (request) => {
      const text = JSON.stringify(request.body);
      requests.push(text);
      for (const order of readOrders(text)) if (!seen.has(order.id)) seen.set(order.id, order);
      const phase = [...text.matchAll(/Phase: (plan|implement|review), round/g)].at(-1)?.[1];
      if (phase === 'review') return review(request);
      return phase === 'plan' ? plan(request) : implement();
    },
  };
}

function wordsOf(orders: readonly Order[]): readonly string[] {
  return orders.flatMap(({ wish }) => ('say' in wish ? [wish.say] : []));
}

function asCall(wish: Wish): ScriptedToolCall {
  return 'call' in wish ? { name: wish.call, input: wish.input } : planned;
}

function planOf(words: readonly string[]): ScriptedToolCall {
  const steps = words.map((word) => ({
    title: whole([word], 300),
    acceptance: whole([word], 500),
    status: 'open',
  }));
  return { name: 'update_plan', input: { steps } };
}

function deciding(word: string): ScriptedToolCall {
  const text = whole([word], 2_000);
  return {
    name: 'record_decision',
    input: { question: text, options: [text], choice: text, reason: text, evidence: text },
  };
}

/** A line that a reviewed change adds, as the model is shown it. */
interface ChangedPlace {
  readonly path: string;
  readonly line: number;
  readonly quote: string;
}

function changedPlaces(message: string): readonly ChangedPlace[] {
  const found: ChangedPlace[] = [];
  let path = '';
  for (const line of message.split('\n')) {
    if (line.startsWith('=== ')) path = JSON.parse(line.slice(4)) as string;
    const added = /^ {0,5}(\d+) \+(.*)$/.exec(line);
    if (added?.[2]?.trim()) found.push({ path, line: Number(added[1]), quote: added[2] });
  }
  return found;
}

function reporting(word: string, place: ChangedPlace | undefined): ScriptedToolCall {
  return {
    name: 'report_finding',
    input: { ...place, severity: 'error', claim: whole([word], 1_000) },
  };
}

/** As many words as fit: half a key would be no key, for better and for worse. */
function whole(words: readonly string[], charsMax: number): string {
  let text = '';
  for (const word of words) if (text.length + word.length + 2 <= charsMax) text += `${word}\n\n`;
  return text === '' ? 'Done.' : text.trim();
}

function finishing(words: readonly string[]): ScriptedToolCall {
  const summary = whole(words, 4_000);
  return {
    name: 'finish',
    input: { summary, not_done: summary },
  };
}
