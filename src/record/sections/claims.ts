import type { PublishableText } from '../../domain/ids.ts';
import { joinText, markdown } from '../../text/markdown.ts';
import type { RunRecord } from '../run-record.ts';
import { say } from '../show.ts';

interface ShownClaim {
  readonly text: string;
  readonly state: string;
  readonly why: string;
}

/** The text with every sentence struck out that the evidence does not support. */
export function strikeClaims(record: RunRecord, text: string): string {
  let struck = text;
  for (const sentence of new Set(unsupported(record).map((claim) => claim.text))) {
    if (!sentence.includes('~~')) struck = struck.replace(sentence, () => `~~${sentence}~~`);
  }
  return struck;
}

/** What was struck out and why, and what a model without the conversation made of contradictions. */
export function claimsNote(record: RunRecord): PublishableText {
  const claims = unsupported(record);
  if (claims.length === 0) return markdown``;
  const lines = claims.slice(0, 20).map(({ text, state, why }) => {
    const word = state === 'contradicted' ? markdown`contradicted` : markdown`not shown`;
    return markdown`- ${word}: “${say(record, text, 200)}” (${say(record, why, 200)})`;
  });
  const answer = record.claimsInvestigation ?? '';
  const second =
    answer === ''
      ? markdown``
      : markdown`A second look, by a model without the conversation (it decides nothing): ${say(record, answer, 1_500)}`;
  return joinText(
    [markdown`**Struck out, because the evidence does not support it:**`, joinText(lines), second],
    '\n\n',
  );
}

function unsupported({ verdicts, review }: RunRecord): readonly ShownClaim[] {
  const claims = verdicts.find(({ gate }) => gate === 'claims')?.details['claims'];
  const judged = Array.isArray(claims) ? (claims as readonly ShownClaim[]) : [];
  return [...judged, ...(review?.claims ?? [])].filter(({ state }) => state !== 'supported');
}
