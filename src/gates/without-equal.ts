/** What `those` does not have as often as `these`, by key: each of `those` takes away one. Order is kept. */
export function withoutEqual<T>(
  these: readonly T[],
  those: readonly T[],
  keyOf: (one: T) => string,
): readonly T[] {
  const counts = new Map<string, number>();
  for (const one of those) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1);
  return these.filter((one) => {
    const left = counts.get(keyOf(one)) ?? 0;
    counts.set(keyOf(one), left - 1);
    return left <= 0;
  });
}
