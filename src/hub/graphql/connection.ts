export interface ConnectionArguments {
  readonly first?: number;
  readonly last?: number;
  readonly after?: string;
  readonly before?: string | null;
}

/** A part of a list with its page info; cursors count from the start. */
export function connection<T>(items: readonly T[], wanted: ConnectionArguments = {}) {
  const { first, last, after, before } = wanted;
  const placeOf = (cursor: string) => Number(Buffer.from(cursor, 'base64url').toString());
  const skip = after ? placeOf(after) : 0;
  const until = before ? placeOf(before) - 1 : items.length;
  const rest = items.slice(skip, until);
  const nodes = last === undefined ? rest.slice(0, first ?? 100) : rest.slice(-last);
  const end = last === undefined ? skip + nodes.length : until;
  const cursor = (position: number) => Buffer.from(String(position)).toString('base64url');
  return {
    nodes,
    totalCount: items.length,
    pageInfo: {
      hasNextPage: end < items.length,
      endCursor: nodes.length > 0 ? cursor(end) : null,
      hasPreviousPage: end - nodes.length > 0,
      startCursor: nodes.length > 0 ? cursor(end - nodes.length + 1) : null,
    },
  };
}
