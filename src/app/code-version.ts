import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CodeVersion, journalFormat } from '../domain/journal-event.ts';

/** What this process is, for the journals of the runs that it claims. */
export function codeVersion(): CodeVersion {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8');
  return { version: (JSON.parse(text) as { readonly version: string }).version, format: journalFormat };
}
