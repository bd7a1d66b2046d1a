import type { CheckResult, JudgedCheck } from '../../domain/checks.ts';
import type { Reading } from './reading.ts';

type Classified = Pick<JudgedCheck, 'class' | 'proof' | 'proofUrl'>;

/**
 * Why a check is not green, by results alone: what a check says in words proves nothing. Red beside green of one
 * series at one commit is flaky; red at a commit that the work started from is not ours; what is left is.
 */
export function classify(result: CheckResult, reading: Pick<Reading, 'head' | 'before'>): Classified {
  const earlier = reading.head.filter(({ series, id }) => series === result.series && id < result.id);
  switch (result.state) {
    case 'green':
      return mended(earlier);
    case 'red':
      return flaky(earlier) ?? redBefore(result, reading) ?? ours(result, reading);
    case 'void':
      return { class: 'no-result', proof: `it ended as ${result.conclusion}` };
    default:
      return {};
  }
}

function mended(earlier: readonly CheckResult[]): Classified {
  const red = earlier.findLast(({ state }) => state === 'red');
  return red ? { class: 'flaky', proof: 'it was red on this very commit before', proofUrl: red.url } : {};
}

function flaky(earlier: readonly CheckResult[]): Classified | undefined {
  const green = earlier.findLast(({ state }) => state === 'green');
  return green && { class: 'flaky', proof: 'it was green on this very commit before', proofUrl: green.url };
}

function redBefore(result: CheckResult, { before }: Pick<Reading, 'before'>): Classified | undefined {
  for (const { sha, results } of before) {
    const same = newestAlike(result, results);
    if (same?.state === 'red')
      return {
        class: 'red-on-base',
        proof: `it is also red on ${sha.slice(0, 12)}, where the work started`,
        proofUrl: same.url,
      };
  }
  return undefined;
}

function ours(result: CheckResult, { before }: Pick<Reading, 'before'>): Classified {
  for (const { sha, results } of before) {
    const same = newestAlike(result, results);
    if (same?.state === 'green')
      return { class: 'ours', proof: `it is green on ${sha.slice(0, 12)}`, proofUrl: same.url };
  }
  return { class: 'ours', proof: 'nothing shows that it was red before' };
}

/** The newest result of the same check at another commit: of the same name by the same reporter. */
function newestAlike(wanted: CheckResult, results: readonly CheckResult[]): CheckResult | undefined {
  return results.findLast(
    ({ kind, name, appId }) => kind === wanted.kind && name === wanted.name && appId === wanted.appId,
  );
}
