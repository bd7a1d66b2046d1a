import { randomUUID } from 'node:crypto';

/** One request as GitHub would send it. */
export interface PlannedDelivery {
  readonly guid: string;
  readonly event: string;
  readonly action: string;
  /** Made when it is sent: the bodies of a long soak do not fit into memory at once. */
  readonly body: () => string;
  /** Signed with another secret: must be refused and leave no row. */
  readonly forged: boolean;
  /** Its place among the events; sent in another order where deliveries are shuffled. */
  readonly seq: number;
}

export interface DeliveryPlan {
  readonly deliveries: readonly PlannedDelivery[];
  readonly guids: readonly string[];
  /** Issues on which exactly one run must exist. */
  readonly triggers: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly forged: number;
}

/** Deliveries of one repository are processed one after another. */
const repositories = 16;
const repository = {
  id: 42,
  name: 'soak',
  full_name: 'octo/soak',
  owner: { id: 10, login: 'octo', type: 'User' },
  clone_url: 'http://127.0.0.1/octo/soak.git',
  html_url: 'http://127.0.0.1/octo/soak',
  private: false,
  default_branch: 'main',
  archived: false,
};
const ada = { id: 11, login: 'ada', type: 'User' };

/**
 * `count` requests: 35 % are the same event again under its GUID, 30 % leave up to 300 places late, 1 % are forged, and
 * of `labelEvery` events (an even number) two are one label, told under two GUIDs.
 */
export function planDeliveries(count: number, labelEvery: number): DeliveryPlan {
  const events = makeEvents(Math.floor(count * 0.65), labelEvery);
  const copies = Array.from({ length: count - events.length }, () => pick(events));
  const placed = [
    ...events.map((event) => ({ event, place: event.seq + (Math.random() < 0.3 ? Math.random() * 300 : 0) })),
    ...copies.map((event) => ({ event, place: event.seq + Math.random() * 3_000 })),
  ].sort((one, other) => one.place - other.place);
  const forged = Array.from({ length: Math.ceil(count / 100) }, () => forgery(pick(events)));
  const deliveries = placed.map(({ event }) => event);
  for (const one of forged) deliveries.splice(Math.floor(Math.random() * deliveries.length), 0, one);
  return {
    deliveries,
    guids: events.map(({ guid }) => guid),
    triggers: new Set(events.filter(isLabel).map(({ body }) => numberIn(body()))).size,
    duplicated: copies.length,
    reordered: countReordered(placed.map(({ event }) => event)),
    forged: forged.length,
  };
}

function makeEvents(count: number, labelEvery: number): readonly PlannedDelivery[] {
  return Array.from({ length: count }, (_, seq) => {
    // The second of the pair has another GUID and the same label event.
    const number = seq % labelEvery === 1 ? seq : seq + 1;
    return seq % labelEvery < 2 && seq + 1 < count ? labelEvent(seq, number) : commentEvent(seq);
  });
}

function labelEvent(seq: number, number: number): PlannedDelivery {
  return planned(seq, 'issues', 'labeled', () => ({ issue: issue(number), label: { name: 'agent' } }));
}

function commentEvent(seq: number): PlannedDelivery {
  const comment = () => ({ id: 1_000_000 + seq, body: 'x'.repeat(1_500), user: ada, html_url: '' });
  return planned(seq, 'issue_comment', 'created', () => ({ issue: issue(seq + 1), comment: comment() }));
}

function issue(number: number) {
  const html = `${repository.html_url}/issues/${number}`;
  return { id: number, number, title: 'Soak', body: '', state: 'open', html_url: html, user: ada };
}

function planned(seq: number, event: string, action: string, parts: () => object): PlannedDelivery {
  // Both of a pair of labels are of one repository: pairs begin at even numbers.
  const at = { ...repository, id: 42 + (Math.floor(seq / 2) % repositories) };
  const body = (): string =>
    JSON.stringify({ action, installation: { id: 5 }, repository: at, sender: ada, ...parts() });
  return { guid: randomUUID(), event, action, body, forged: false, seq };
}

function forgery(of: PlannedDelivery): PlannedDelivery {
  return { ...of, guid: `forged-${randomUUID()}`, forged: true };
}

function isLabel({ action }: PlannedDelivery): boolean {
  return action === 'labeled';
}

function numberIn(body: string): number {
  return (JSON.parse(body) as { issue: { number: number } }).issue.number;
}

function pick(events: readonly PlannedDelivery[]): PlannedDelivery {
  const found = events[Math.floor(Math.random() * events.length)];
  if (!found) throw new Error('no events');
  return found;
}

/** First sends that leave after a younger event. */
function countReordered(sent: readonly PlannedDelivery[]): number {
  const seen = new Set<string>();
  let newest = -1;
  let reordered = 0;
  for (const { guid, seq } of sent) {
    if (!seen.has(guid) && seq < newest) reordered += 1;
    seen.add(guid);
    newest = Math.max(newest, seq);
  }
  return reordered;
}
