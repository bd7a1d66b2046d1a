import type { Gate, GateInput, Verdict } from '../domain/gate.ts';
import { checkClaims } from './claims/check-claims.ts';
import type { CheckedClaim } from './claims/claim.ts';
import { extractClaims } from './claims/extract-claims.ts';
import { verdictOf } from './verdict-of.ts';

/**
 * What the summary of the work asserts, compared with what the other gates proved. Claims without support are struck
 * out where people read the summary. Judges last: it sees the verdicts of the others.
 */
export function createClaimsGate(): Gate {
  return { name: 'claims', isConcluding: true, judge: async (input) => judge(input) };
}

function judge(input: GateInput): Verdict {
  const summary = input.summary ?? '';
  const claims = checkClaims(extractClaims(summary), {
    verdicts: input.verdicts ?? [],
    changes: input.changes,
  });
  if (claims.length === 0) {
    const why = summary === '' ? 'there is no summary' : 'the summary asserts nothing that can be compared';
    return verdictOf('claims', input, { status: 'not-run', blocking: false, summary: why });
  }
  const of = (state: CheckedClaim['state']): readonly CheckedClaim[] =>
    claims.filter((claim) => claim.state === state);
  const [contradicted, unsupported] = [of('contradicted'), of('unsupported')];
  const isFailing = contradicted.length + unsupported.length > 0;
  return verdictOf('claims', input, {
    status: isFailing ? 'fail' : 'pass',
    blocking: true,
    summary: `${of('supported').length} of ${claims.length} claims of the summary are supported; ${unsupported.length} unsupported, ${contradicted.length} contradicted`,
    feedback: isFailing ? feedbackOf([...contradicted, ...unsupported]) : '',
    details: { claims },
  });
}

function feedbackOf(claims: readonly CheckedClaim[]): string {
  const lines = claims.map(({ text, state, why }) => `${state}: “${text.slice(0, 300)}” (${why})`);
  return ['The summary says what the evidence does not. Say only what was shown:', ...lines].join('\n');
}
