const line = /^\s*(?:base|target)(?: branch)?\s*:\s*`?([A-Za-z0-9][\w./-]{0,199})`?\s*$/im;

/**
 * The branch that an issue asks for (`Base: release/2.x` on a line of its own); null where it names none. Whoever
 * labelled the issue has seen the line; a branch of the bot's own is never a base.
 */
export function issueBase(body: string): string | null {
  const name = line.exec(body)?.[1];
  if (name === undefined || name.includes('..') || name.endsWith('/') || name.endsWith('.')) return null;
  return name.startsWith('agent/') ? null : name;
}
