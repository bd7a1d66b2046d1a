import type { CheckResult, CheckWords } from '../../domain/checks.ts';
import { cutCodePoints } from '../../text/cut-text.ts';
import { stripInvisible } from '../../text/invisible.ts';
import { sanitise } from '../../text/sanitise.ts';
import { redactSecrets } from '../../text/secrets.ts';

export const checksToldMax = 4;
const wordsCharsMax = 1_500;
const logCharsMax = 1_500;
const logLines = 80;

/**
 * What failed checks say, for the agent, which gets it as data: visible text only, without what looks like a
 * credential, and short. Whoever can make CI write can make it lie, so nothing but the agent's next try depends on it.
 */
export function checkFeedback(
  failed: readonly { readonly check: CheckResult; readonly words: CheckWords }[],
): string {
  return failed
    .slice(0, checksToldMax)
    .map(({ check, words }) => {
      const parts = [
        `## CI check ${JSON.stringify(oneLine(check.name))}: ${check.conclusion}`,
        oneLine(words.title),
        cut(clean(sanitise(words.text, 'check').text), wordsCharsMax),
        logPart(words.log),
      ];
      return parts.filter((part) => part !== '').join('\n');
    })
    .join('\n\n');
}

function logPart(log: string): string {
  const lines = endOfFailure(log);
  return lines === '' ? '' : `The end of its log:\n${lines}`;
}

/** The lines before the last error that the runner marked; what comes after it is clearing up. */
export function endOfFailure(log: string): string {
  const lines = clean(log)
    .split('\n')
    .map((line) => line.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z /, '').trimEnd());
  const error = lines.findLastIndex((line) => line.startsWith('##[error]'));
  const end = error === -1 ? lines.length : error + 1;
  const text = lines
    .slice(Math.max(0, end - logLines), end)
    .join('\n')
    .trim();
  return text.length > logCharsMax ? `…${cutCodePoints(text.slice(-logCharsMax), logCharsMax).text}` : text;
}

/** Escape sequences of terminals would leave their letters behind. */
function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  const plain = text.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
  return redactSecrets(stripInvisible(plain).text).text;
}

function oneLine(text: string): string {
  return cut(clean(text).replaceAll(/\s+/g, ' ').trim(), 200);
}

function cut(text: string, max: number): string {
  const kept = cutCodePoints(text, max);
  return kept.cutChars > 0 ? `${kept.text}…` : text;
}
