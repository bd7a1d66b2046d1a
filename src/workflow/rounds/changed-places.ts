/** Where a patch changes files, by path: line numbers of the old side. Names that git quotes are left out. */
export function changedPlaces(patch: string): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, readonly number[]>();
  for (const section of patch.split(/^(?=diff --git )/m)) {
    const [head = '', ...hunks] = section.split(/^(?=@@ )/m);
    const path = /^\+\+\+ b\/(.*)$/m.exec(head)?.[1] ?? /^--- a\/(.*)$/m.exec(head)?.[1];
    // Git puts a tab behind names with a space.
    if (path !== undefined) found.set(path.replace(/\t$/, ''), hunks.flatMap(placesIn));
  }
  return found;
}

function placesIn(hunk: string): readonly number[] {
  const [head = '', ...lines] = hunk.split('\n');
  let line = Number(/^@@ -(\d+)/.exec(head)?.[1] ?? 0);
  const places: number[] = [];
  for (const text of lines) {
    if (text.startsWith('-') || text.startsWith('+')) places.push(line);
    if (text.startsWith('-') || text.startsWith(' ')) line += 1;
  }
  return places;
}
