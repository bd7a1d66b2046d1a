import { readdir } from 'node:fs/promises';
import type { RunId } from '../domain/ids.ts';

/** The runs that the names in a directory speak of: the first named group of `pattern` that matched. */
export async function keptIn(directory: string, pattern: RegExp): Promise<readonly RunId[]> {
  const names = await readdir(directory).catch(() => []);
  const runs = names.flatMap((name) => Object.values(pattern.exec(name)?.groups ?? {}).filter(Boolean));
  return [...new Set(runs)] as readonly string[] as readonly RunId[];
}
