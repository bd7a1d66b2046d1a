/** Where a comment can stand in a file's patch. */
export interface DiffPlace {
  /** Lines below the first `@@`, as `position` of the API counts them. */
  readonly position: number;
  /** The hunk from its head to this line. */
  readonly hunk: string;
}

/** The place of a line of one side in a patch; undefined for a line that the patch does not show. */
export function findPlace(
  patch: string,
  wanted: { readonly line: number; readonly side: 'LEFT' | 'RIGHT' },
): DiffPlace | undefined {
  let [left, right, hunkAt] = [0, 0, 0];
  const lines = patch.split('\n');
  for (const [position, text] of lines.entries()) {
    const head = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text);
    if (head) {
      [left, right, hunkAt] = [Number(head[1]), Number(head[2]), position];
      continue;
    }
    const onLeft = text.startsWith('-') || text.startsWith(' ');
    const onRight = text.startsWith('+') || text.startsWith(' ');
    const found = wanted.side === 'LEFT' ? onLeft && left === wanted.line : onRight && right === wanted.line;
    if (found) return { position, hunk: lines.slice(hunkAt, position + 1).join('\n') };
    if (onLeft) left += 1;
    if (onRight) right += 1;
  }
  return undefined;
}
