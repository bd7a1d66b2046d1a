import type { Finding, GateName, Verdict } from '../../domain/gate.ts';
import type { PublishableText } from '../../domain/ids.ts';
import { joinText, markdown } from '../../text/markdown.ts';
import type { RunRecord } from '../run-record.ts';
import { code, say } from '../show.ts';

const findingsMax = 40;

const titles: Readonly<Partial<Record<GateName, PublishableText>>> = {
  secrets: markdown`Secrets in added lines`,
  sast: markdown`Static analysis`,
  dependencies: markdown`Dependencies`,
  policy: markdown`Workflow policy`,
};

/** What the scans say about the change: new findings are those that count; older ones are not ours to report. */
export function securitySection(record: RunRecord): PublishableText {
  const lines = record.verdicts.flatMap((verdict) => scanLines(record, verdict));
  const body = lines.length > 0 ? lines : [markdown`No scan has run.`];
  return markdown`## Security findings\n\n${[...body, ...scanning(record), ...denied(record)]}`;
}

function scanLines(record: RunRecord, verdict: Verdict): readonly PublishableText[] {
  const title = titles[verdict.gate];
  if (title === undefined) return [];
  const findings = verdict.findings.slice(0, findingsMax).map((finding) => findingLine(record, finding));
  return [markdown`- ${title}: ${say(record, verdict.summary, 300)}`, ...findings];
}

/** One finding with its place; never the secret itself. */
function findingLine(record: RunRecord, finding: Finding): PublishableText {
  const place = code(`${finding.path}:${finding.line}`);
  return markdown`  - ${place} ${say(record, finding.message, 300)} (${code(finding.rule)})`;
}

/** What became of the upload to code scanning; nothing before it was tried, and where there is no such place. */
function scanning(record: RunRecord): readonly PublishableText[] {
  const upload = record.effects.findLast(({ effect }) => effect === 'sarif.upload');
  if (!upload) return [];
  const { outcome, message = 'no reason given' } = upload.result;
  if (outcome !== 'rejected') return [markdown`- Code scanning: uploaded as SARIF`];
  return [markdown`- Code scanning: not uploaded: ${say(record, message, 300)}`];
}

function denied(record: RunRecord): readonly PublishableText[] {
  if (record.deniedHosts.length === 0) return [];
  const hosts = joinText(record.deniedHosts.slice(0, 20).map(code), ', ');
  return [markdown`- Connections that the set-up tried and that were refused: ${hosts}`];
}
