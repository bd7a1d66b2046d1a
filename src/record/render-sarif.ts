import type { Finding, GateName } from '../domain/gate.ts';
import type { SarifLog, SarifResult, SarifRule } from '../domain/sarif.ts';
import { plainLine } from '../text/publishable.ts';
import type { RunRecord } from './run-record.ts';

/** Findings of these are about security and have a line; the others have check runs. */
const shown: readonly GateName[] = ['secrets', 'sast'];
/** GitHub shows 5,000 of a log, the most severe first; one change has fewer. */
const resultsMax = 1_000;
/** Rule ids are letters, digits and a few signs; one that comes from a scanner may be anything. */
const notInRuleId = /[^\w./-]+/g;

/**
 * The findings of the security gates about the published commit, for code scanning. Undefined where none of these gates
 * judged it; without findings the log says so, which closes what an earlier commit had.
 */
export function renderSarif(record: RunRecord): SarifLog | undefined {
  const judged = record.verdicts.filter(
    ({ gate, status }) => shown.includes(gate) && (status === 'pass' || status === 'fail'),
  );
  if (judged.length === 0) return undefined;
  const findings = judged
    .flatMap((verdict) => verdict.findings)
    .toSorted((a, b) => Number(b.level === 'error') - Number(a.level === 'error'))
    .slice(0, resultsMax);
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Pullwright',
            rules: rulesOf(findings),
          },
        },
        automationDetails: { id: 'pullwright/' },
        results: findings.map(resultOf),
      },
    ],
  };
}

function rulesOf(findings: readonly Finding[]): readonly SarifRule[] {
  const rules = new Map<string, SarifRule>();
  for (const { rule, message } of findings) {
    const id = ruleId(rule);
    const text = plainLine(message, 300);
    if (!rules.has(id)) {
      const tags = ['security', ...(/CWE-\d+/.exec(message) ?? [])];
      rules.set(id, { id, shortDescription: { text }, help: { text }, properties: { tags } });
    }
  }
  return [...rules.values()];
}

function resultOf({ rule, path, line, message, level, identity }: Finding): SarifResult {
  const uri = path.split('/').map(encodeURIComponent).join('/');
  return {
    ruleId: ruleId(rule),
    level,
    message: { text: plainLine(message, 500) },
    locations: [
      { physicalLocation: { artifactLocation: { uri }, region: { startLine: Math.max(1, line) } } },
    ],
    partialFingerprints: { 'pullwright/v1': identity.split(':').at(-1) ?? '' },
  };
}

function ruleId(rule: string): string {
  return rule.replace(notInRuleId, '-').slice(0, 200);
}
