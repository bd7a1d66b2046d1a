import type { AuditedRun } from '../../../domain/audit.ts';
import type { Invariant } from '../invariant.ts';

/** Shorter ones would be found in any text. */
const charsMin = 12;

/**
 * Our own credentials, in plain and in the encodings that need no key to undo, in everything that is kept of a run. They
 * are in no sandbox, so a single one here means that a wall is down.
 */
export const noKnownSecret: Invariant = {
  id: 'I16',
  title: 'no credential of ours stands in what is kept of a run',
  kind: 'run',
  partly:
    'the credentials of now, in journal and effects; tokens that have expired and logs are the canary scan’s',
  check({ entries, effects }, { secrets = [] }) {
    const needles = secrets.flatMap(({ name, value }) => needlesOf(name, value));
    if (needles.length === 0) return [];
    const text = textOf({ entries, effects });
    const found = needles.filter(({ needle }) => text.includes(needle)).map(({ name }) => name);
    return [...new Set(found)].map((name) => `the value of ${name} stands in its journal or its effects`);
  },
};

function textOf({ entries, effects }: Pick<AuditedRun, 'entries' | 'effects'>): string {
  return `${entries.map(({ event }) => JSON.stringify(event)).join('\n')}\n${JSON.stringify(effects)}`;
}

/** A key of many lines is known by its longest one. */
function needlesOf(
  name: string,
  value: string,
): readonly { readonly name: string; readonly needle: string }[] {
  const line = value.split('\n').reduce((longest, one) => (one.length > longest.length ? one : longest), '');
  if (line.length < charsMin) return [];
  const bytes = Buffer.from(line);
  // The ends of a value in the middle of other base64 depend on its neighbours.
  const inner = bytes.toString('base64').replace(/=+$/, '').slice(0, -1);
  const forms = [line, inner, bytes.toString('hex'), Array.from(line).reverse().join('')];
  return forms.map((needle) => ({ name, needle: JSON.stringify(needle).slice(1, -1) }));
}
