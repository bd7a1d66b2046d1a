/** Kinds of things that carry a number of their own. Ranges differ, so that mixing up id and number never works by luck. */
const firstIds = {
  user: 90_000_001,
  app: 1_200_001,
  installation: 61_000_001,
  repository: 880_000_001,
  label: 7_700_000_001,
  issue: 2_900_000_001,
  pull: 2_300_000_001,
  comment: 3_100_000_001,
  reaction: 310_000_001,
  event: 17_000_000_001,
  review: 2_700_000_001,
  reviewComment: 2_100_000_001,
  thread: 500_001,
  suite: 37_000_000_001,
  run: 41_000_000_001,
  status: 35_000_000_001,
  delivery: 180_000_000_001,
  hook: 540_000_001,
  workflow: 160_000_001,
  workflowRun: 19_000_000_001,
} as const;

export type IdKind = keyof typeof firstIds;

const nodePrefixes: Readonly<Record<IdKind, string>> = {
  user: 'U',
  app: 'A',
  installation: 'MDIz',
  repository: 'R',
  label: 'LA',
  issue: 'I',
  pull: 'PR',
  comment: 'IC',
  reaction: 'REA',
  event: 'EV',
  review: 'PRR',
  reviewComment: 'PRRC',
  thread: 'PRRT',
  suite: 'CS',
  run: 'CR',
  status: 'SC',
  delivery: 'DE',
  hook: 'HO',
  workflow: 'W',
  workflowRun: 'WFR',
};

/** Counts up per kind; larger than 2^31 where GitHub's own ids are. */
export class IdSequence {
  readonly #next = new Map<IdKind, number>();

  take(kind: IdKind): number {
    const id = this.#next.get(kind) ?? firstIds[kind];
    this.#next.set(kind, id + 1);
    return id;
  }
}

/** The GraphQL id of a thing, opaque to callers. */
export function nodeId(kind: IdKind, id: number | string): string {
  return `${nodePrefixes[kind]}_${Buffer.from(String(id)).toString('base64url')}`;
}

/** The numeric id inside a GraphQL id of that kind; undefined for another kind or nonsense. */
export function idOfNode(kind: IdKind, node: string): number | undefined {
  const prefix = `${nodePrefixes[kind]}_`;
  if (!node.startsWith(prefix)) return undefined;
  const id = Number(Buffer.from(node.slice(prefix.length), 'base64url').toString());
  return Number.isSafeInteger(id) ? id : undefined;
}
