import type { Finding, Gate, GateInput, Verdict } from '../domain/gate.ts';
import { findingOf } from './finding-of.ts';
import { lineCharsMax, scanLines } from './scan-lines.ts';
import type { ScanHit } from './scan-message.ts';
import { verdictOf } from './verdict-of.ts';

const findingsMax = 500;

/**
 * Looks for credentials in added lines only: what was there before is not this change's doing. A known shape blocks
 * everywhere; a value that is only named like a credential blocks where programs and settings stand, and is pointed out
 * in tests, samples and documents. Runs in a thread that is killed after `timeoutMs` (default 60,000), which gives the
 * verdict `error`.
 */
export function createSecretsGate(options: { readonly timeoutMs?: number } = {}): Gate {
  const timeoutMs = options.timeoutMs ?? 60_000;
  return { name: 'secrets', judge: (input) => judge(input, timeoutMs) };
}

async function judge(input: GateInput, timeoutMs: number): Promise<Verdict> {
  const total = input.addedLines.length;
  if (total === 0) {
    return verdictOf('secrets', input, { status: 'pass', blocking: true, summary: 'no line was added' });
  }
  const started = performance.now();
  const hits = await scanLines(input.addedLines, timeoutMs, input.signal);
  const durationMs = Math.round(performance.now() - started);
  if (hits === 'timeout') {
    const summary = `the scan of ${total} added lines did not end within ${timeoutMs} ms`;
    return verdictOf('secrets', input, { status: 'error', blocking: true, summary });
  }
  return judgeHits(input, hits, durationMs);
}

function judgeHits(input: GateInput, hits: readonly ScanHit[], durationMs: number): Verdict {
  const findings = findingsOf(hits, input.addedLines);
  const errors = findings.filter(({ level }) => level === 'error').length;
  const cut = input.addedLines.filter(({ text }) => text.length > lineCharsMax).length;
  const partly = cut > 0 ? ` (${cut} of them only to ${lineCharsMax} characters)` : '';
  const scanned = `${input.addedLines.length} added lines${partly}`;
  const found = findings.length > 0;
  return verdictOf('secrets', input, {
    status: found ? 'fail' : 'pass',
    blocking: errors > 0 || !found,
    summary: found
      ? `${countsOf(errors, findings.length - errors)} in ${scanned}`
      : `no secret in ${scanned}`,
    evidence: [
      {
        command: 'secretlint and own rules (added lines)',
        base: 'not scanned',
        head: `${findings.length} findings`,
        durationMs,
      },
    ],
    findings: findings.slice(0, findingsMax),
    feedback: found ? feedbackOf(findings) : '',
    details: { linesCut: cut },
  });
}

function countsOf(errors: number, warnings: number): string {
  const lookAt = `${warnings} to look at`;
  if (errors === 0) return lookAt;
  return warnings === 0 ? `${errors} possible secrets` : `${errors} possible secrets and ${lookAt}`;
}

function feedbackOf(findings: readonly Finding[]): string {
  const places = findings.map(({ path, line, message }) => `${path}:${line}: ${message}`);
  const advice = 'Remove these values; read them from the environment, or use obviously fake ones in tests.';
  return [advice, ...places].join('\n');
}

/** Two rules can see the same secret: one finding per line is enough, and the more certain one is it. */
function findingsOf(hits: readonly ScanHit[], lines: GateInput['addedLines']): readonly Finding[] {
  const texts = new Map(lines.map(({ path, line, text }) => [`${path}\n${line}`, text]));
  const findings = new Map<string, Finding>();
  for (const { rule, path, line, words, level } of hits) {
    const place = `${path}\n${line}`;
    if (level === 'warning' && findings.has(place)) continue;
    const message = `possible secret: ${words}`;
    findings.set(place, findingOf({ rule, path, line, message, level, text: texts.get(place) ?? '' }));
  }
  // What blocks stands first: the list is cut at its end.
  return [...findings.values()].toSorted((a, b) => Number(a.level !== 'error') - Number(b.level !== 'error'));
}
